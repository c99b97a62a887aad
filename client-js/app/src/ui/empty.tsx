import type { ComponentChildren } from 'preact';
import { language, t } from '../texts';
import { en } from '../texts/en';
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

/** Says why there is nothing here and what to do. */
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

/** A code's sentence in the shown language, if it is one that people often meet. */
function knownProblem(code: string): string | undefined {
  const key = `error.${code}`;
  return key in en ? t(key as 'error.not_found') : undefined;
}

/** The sentence for an error, whatever was thrown. The hub's own are English and more precise: elsewhere they help out. */
export function problemText(problem: unknown): string {
  const { code, message } = problem as { code?: unknown; message?: unknown };
  if (code === 'network.unreachable') return t('problem.network');
  const known = typeof code === 'string' ? knownProblem(code) : undefined;
  if (known && (language.value !== 'en' || !message)) return known;
  return typeof message === 'string' && message ? message : t('problem.unexpected');
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
