import type { ComponentChildren } from 'preact';
import type { PlenaryError } from 'plenary-client/rest';
import { errorText, t } from '../texts';
import { Button } from './button';
import { Icon, type IconName } from './icon';

interface EmptyProps {
  icon: IconName;
  title: string;
  hint?: string | undefined;
  /** What can be done about it. */
  children?: ComponentChildren;
  compact?: boolean;
}

/** Explains why there is nothing here and what to do. */
export function Empty({ icon, title, hint, children, compact }: EmptyProps) {
  return (
    <div class="empty" data-compact={compact || undefined}>
      <span class="empty-icon">
        <Icon name={icon} />
      </span>
      <p class="empty-title">{title}</p>
      {hint && <p class="empty-hint">{hint}</p>}
      {children && <div class="empty-actions">{children}</div>}
    </div>
  );
}

/** The sentence for an error, whatever was thrown. The hub's own are English and more precise: other languages use the code. */
export function problemText(problem: unknown): string {
  const { code, field, message, status } = problem as Partial<PlenaryError>;
  if (code === 'network.unreachable') return t('problem.network');
  if (code === 'app.outdated') return t('problem.outdated');
  const known = code && ((field && errorText(`${code}.${field}`)) || errorText(code));
  if (known || message) return known || message!;
  return status ? t('problem.answer', { status }) : t('problem.unexpected');
}

/** An error in place of what should be here. */
export function Problem({ problem, retry, compact }: { problem: unknown; retry?: (() => void) | undefined; compact?: boolean }) {
  return (
    <div role="alert">
      <Empty icon="warning" title={t('problem.title')} hint={problemText(problem)} compact={compact ?? false}>
        {retry && <Button onClick={retry}>{t('action.retry')}</Button>}
      </Empty>
    </div>
  );
}
