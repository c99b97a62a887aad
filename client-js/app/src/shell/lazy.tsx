import type { ComponentChild, ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { language, t, textsReady } from '../texts';
import { languageOf } from '../texts/catalog';
import { Button } from '../ui/button';
import { Empty } from '../ui/empty';
import { Skeleton } from '../ui/skeleton';
import type { Load, Loader, Slots } from './manifest';
import { firstPanel, textsOf } from './registry';

/** By their loaders: a page with two addresses is one page, and stays while one goes between them. */
const loaded = new Map<Loader, unknown>();

/** A number for what a loader loads, as a key: what it draws is kept while only its properties change. */
const numbers = new Map<Loader, number>();
export function numberOf(load: Loader): number {
  if (!numbers.has(load)) numbers.set(load, numbers.size);
  return numbers.get(load)!;
}

/** Fetches code, the texts of its capability beside it, and those of all that it is made of. */
export async function fetchPart<Props>(load: Load<Props>): Promise<ComponentType<Props>> {
  const texts = Object.entries(textsOf(load) ?? {}).find(([path]) => languageOf(path) === language.value)?.[1];
  const [module] = await Promise.all([load(), texts?.().catch(() => undefined)]);
  await textsReady();
  loaded.set(load, module.default);
  return module.default;
}

/** Fetches the panels that a page will begin with beside the page itself. */
export function prefetch(...slots: (keyof Slots)[]): void {
  for (const slot of slots) {
    const load = firstPanel(slot);
    if (load) fetchPart<never>(load as Load<never>).catch(() => undefined);
  }
}

/** Draws what is fetched when it is first shown; what has been fetched once is there at once. */
export function Lazy<Props extends object>({ load, props, waiting }: { load: Load<Props>; props: Props; waiting?: ComponentChild }) {
  const arrived = useSignal(0);
  const failed = useSignal(false);
  // `arrived` is read so that it is drawn when it has come.
  const Component = arrived.value >= 0 ? (loaded.get(load) as ComponentType<Props> | undefined) : undefined;

  const get = (): void => {
    failed.value = false;
    fetchPart(load).then(
      () => arrived.value++,
      () => (failed.value = true),
    );
  };
  useEffect(() => {
    if (!loaded.has(load)) get();
  }, [load]);

  if (Component) return <Component {...props} />;
  if (failed.value) {
    return (
      <Empty icon="warning" title={t('problem.title')} hint={t('problem.network')}>
        <Button onClick={get}>{t('action.retry')}</Button>
      </Empty>
    );
  }
  return <>{waiting === undefined ? <Skeleton lines={5} /> : waiting}</>;
}
