import { t } from '../texts';

/** Grey lines in the shape of the pending content; read aloud once as "Loading". */
export function Skeleton({ lines = 3, kind = 'text' }: { lines?: number; kind?: 'text' | 'card' | 'row' | 'message' }) {
  return (
    <div class="skeleton" data-kind={kind} role="status">
      <span class="visually-hidden">{t('app.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span class="skeleton-line" key={line} />
      ))}
    </div>
  );
}
