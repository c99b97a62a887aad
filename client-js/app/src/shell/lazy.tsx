import type { ComponentChild, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { language, t, textsReady } from '../texts';
import { languageOf } from '../texts/catalog';
import { Button } from '../ui/button';
import { Empty, problemText } from '../ui/empty';
import { fetchCode, reloading } from '../ui/fetch-code';
import { Skeleton } from '../ui/skeleton';
import type { Load, Loader, Slots } from './manifest';
import { firstPanel, textsOf } from './registry';

/** By their loaders: a page with two addresses is one page, and stays mounted between them. */
const loaded = new Map<Loader, unknown>();

/** A number for a loader, as a key: its component is kept while only its properties change. */
const numbers = new Map<Loader, number>();
export function numberOf(load: Loader): number {
  if (!numbers.has(load)) numbers.set(load, numbers.size);
  return numbers.get(load)!;
}

/** Fetches code, together with its capability's texts and those of all its parts. */
export async function fetchPart<Props>(load: Load<Props>): Promise<ComponentType<Props>> {
  const texts = Object.entries(textsOf(load) ?? {}).find(([path]) => languageOf(path) === language.value)?.[1];
  const [module] = await Promise.all([fetchCode(load), texts?.().catch(() => undefined)]);
  await textsReady();
  loaded.set(load, module.default);
  return module.default;
}

/** Fetches the initial panels of a page together with the page itself. */
export function prefetch(...slots: (keyof Slots)[]): void {
  for (const slot of slots) {
    const load = firstPanel(slot);
    if (load) fetchPart<never>(load as Load<never>).catch(() => undefined);
  }
}

/** Renders a part that is fetched when first shown; later it is available at once. */
export function Lazy<Props extends object>({ load, props, waiting }: { load: Load<Props>; props: Props; waiting?: ComponentChild }) {
  const arrived = useSignal(0);
  const failed = useSignal<unknown>(undefined);
  // Reading `arrived` re-renders this when the part has arrived.
  const Component = arrived.value >= 0 ? (loaded.get(load) as ComponentType<Props> | undefined) : undefined;

  const get = (): void => {
    failed.value = undefined;
    fetchPart(load).then(
      () => arrived.value++,
      (problem: unknown) => (failed.value = problem),
    );
  };
  useEffect(() => {
    if (Component) return;
    // It may have arrived for somebody else since this was rendered.
    if (loaded.has(load)) arrived.value++;
    else get();
  }, [load]);

  if (Component) return <Component {...props} />;
  if (failed.value) {
    const reload = reloading(failed.value);
    return (
      <div role="alert">
        <Empty icon="warning" title={t('problem.title')} hint={problemText(failed.value)}>
          {reload ? (
            <Button tone="primary" onClick={reload.run}>
              {reload.label}
            </Button>
          ) : (
            <Button onClick={get}>{t('action.retry')}</Button>
          )}
        </Empty>
      </div>
    );
  }
  return <>{waiting === undefined ? <Skeleton lines={5} /> : waiting}</>;
}
