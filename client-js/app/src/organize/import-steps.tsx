import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { PlenaryError } from 'plenary-client/rest';
import { t } from './texts';
import { Button } from '../ui/button';
import { Empty, problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { ErrorTable } from './error-table';

type Step<T> =
  | { kind: 'choose' }
  | { kind: 'checking'; file: File }
  | { kind: 'preview'; file: File; report: T; skipBroken: boolean }
  | { kind: 'done'; report: T }
  | { kind: 'failed'; file: File; problem: unknown };

interface ImportStepsProps<T> {
  title: string;
  hint: string;
  accept: string;
  send: (file: File, dryRun: boolean, skipBroken: boolean) => Promise<T>;
  draw: (report: T) => ComponentChildren;
  /** Settings for reading the file; `recheck` checks it again. */
  settings?: (report: T, recheck: () => void) => ComponentChildren;
  /** Offers to leave out what has errors, under this label. */
  skipBroken?: string;
  /** Whether the report allows the import. */
  mayApply?: (report: T) => boolean;
  onDone: () => Promise<void>;
}

/** Choose a file, see what it would change, then import it. Nothing changes before the last step. */
export function ImportSteps<T>({ title, hint, accept, send, draw, settings, skipBroken, mayApply, onDone }: ImportStepsProps<T>) {
  const id = useId();
  const step = useSignal<Step<T>>({ kind: 'choose' });
  const busy = useSignal(false);
  const over = useSignal(false);
  const current = step.value;

  const check = async (file: File | undefined, skipBroken = false): Promise<void> => {
    if (!file) return;
    step.value = { kind: 'checking', file };
    try {
      step.value = { kind: 'preview', file, report: await send(file, true, skipBroken), skipBroken };
    } catch (problem) {
      step.value = { kind: 'failed', file, problem };
    }
  };
  const apply = async (file: File, skipBroken: boolean): Promise<void> => {
    busy.value = true;
    try {
      step.value = { kind: 'done', report: await send(file, false, skipBroken) };
      await onDone();
    } catch (problem) {
      step.value = { kind: 'failed', file, problem };
    }
    busy.value = false;
  };
  const again = <Button onClick={() => (step.value = { kind: 'choose' })}>{t('import.other')}</Button>;

  return (
    <section class="card stack" aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        <p class="soft">{hint}</p>
      </div>
      <div class="stack" aria-live="polite">
        {current.kind === 'choose' && (
          <div
            class="organize-drop"
            data-over={over.value || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              over.value = true;
            }}
            onDragLeave={() => (over.value = false)}
            onDrop={(event) => {
              event.preventDefault();
              over.value = false;
              void check(event.dataTransfer?.files[0]);
            }}
          >
            <Icon name="upload" />
            <label class="button" data-tone="secondary" for={`${id}-file`}>
              {t('import.choose')}
            </label>
            <input id={`${id}-file`} class="visually-hidden" type="file" accept={accept} onChange={(event) => void check(event.currentTarget.files?.[0])} />
            <span class="soft small">{t('import.drop')}</span>
          </div>
        )}
        {current.kind === 'checking' && (
          <>
            <p>{t('import.checking', { file: current.file.name })}</p>
            <Skeleton lines={3} />
          </>
        )}
        {current.kind === 'preview' && (
          <>
            <div>
              <h3>{t('import.preview')}</h3>
              <p class="soft small">{t('import.previewHint')}</p>
            </div>
            {settings?.(current.report, () => void check(current.file))}
            {draw(current.report)}
            <div class="row">
              <Button tone="primary" disabled={mayApply ? !mayApply(current.report) : false} busy={busy.value} onClick={() => void apply(current.file, current.skipBroken)}>
                {t('import.apply')}
              </Button>
              {again}
            </div>
          </>
        )}
        {current.kind === 'done' && (
          <>
            <h3>
              <Icon name="check" /> {t('import.done')}
            </h3>
            {draw(current.report)}
            <div>{again}</div>
          </>
        )}
        {current.kind === 'failed' && (
          <>
            {current.problem instanceof PlenaryError && current.problem.errors.length > 0 ? (
              <>
                <div class="form-problem">
                  <Icon name="warning" />
                  <p>
                    <strong>{t('import.failed')}</strong>
                    <br />
                    {t('import.failedHint')}
                  </p>
                </div>
                <ErrorTable errors={current.problem.errors} />
                {skipBroken && current.problem.errors.every((error) => error.row) && (
                  <div>
                    <Button onClick={() => void check(current.file, true)}>{skipBroken}</Button>
                  </div>
                )}
              </>
            ) : (
              <Empty compact icon="warning" title={t('import.failed')} hint={problemText(current.problem)} />
            )}
            <div>{again}</div>
          </>
        )}
      </div>
    </section>
  );
}
