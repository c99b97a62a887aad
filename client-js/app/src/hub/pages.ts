import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Page, RestAnswer, RestInput, RestPath } from 'plenary-client/rest';
import { api } from './api';
import { useResource, type Resource } from '../lib/signal-hooks';

/** A list that is read page by page. */
export interface PagedList<T> extends Pick<Resource<unknown>, 'error' | 'reload'> {
  /** Everything read so far; undefined until the first page has arrived. */
  items: readonly T[] | undefined;
  hasMore: boolean;
  loadingMore: boolean;
  more(): Promise<void>;
}

/** The lists that have a `cursor`. */
type ListPath = { [Path in RestPath<'get'>]: RestInput<'get', Path> extends { cursor?: string } ? Path : never }[RestPath<'get'>];
type ListInput<Path extends ListPath> = Omit<RestInput<'get', Path>, 'cursor' | 'signal'>;
type ItemOf<Path extends ListPath> = RestAnswer<'get', Path> extends Page<infer Item> ? Item : never;

/** Reads a list of the hub with these parameters; when they change, it starts over. */
export function usePages<Path extends ListPath>(path: Path, input: ListInput<Path>): PagedList<ItemOf<Path>> {
  // The compiler cannot infer that all of these operations return pages.
  const read = api.get as unknown as (path: Path, input: object) => Promise<Page<ItemOf<Path>>>;
  const first = useResource(JSON.stringify([path, input]), (signal) => read(path, { ...input, signal }));
  const further = useSignal<readonly ItemOf<Path>[]>([]);
  const next = useSignal<string | undefined>(undefined);
  const loading = useSignal(false);
  useEffect(() => {
    further.value = [];
    next.value = first.data.value?.next;
  }, [first.data.value]);

  const more = async (): Promise<void> => {
    const cursor = next.value;
    if (!cursor || loading.value) return;
    loading.value = true;
    try {
      const page = await read(path, { ...input, cursor });
      // The list may have started over meanwhile.
      if (next.value === cursor) {
        further.value = [...further.value, ...page.items];
        next.value = page.next;
      }
    } catch (problem) {
      first.error.value = problem;
    }
    loading.value = false;
  };
  const data = first.data.value;
  return { items: data && [...data.items, ...further.value], hasMore: Boolean(next.value), loadingMore: loading.value, more, error: first.error, reload: first.reload };
}
