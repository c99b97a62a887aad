import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { api, query } from './api';
import type { List } from './types';
import { useResource, type Resource } from '../lib/signal-hooks';

/** A list that is read page by page. */
export interface PagedList<T> extends Pick<Resource<unknown>, 'error' | 'reload'> {
  /** Everything read so far; undefined until the first page has come. */
  items: readonly T[] | undefined;
  hasMore: boolean;
  loadingMore: boolean;
  more(): Promise<void>;
}

/** Reads a list of the hub with these parameters; other ones begin it anew. `undefined` as path: not yet. */
export function usePages<T>(path: string | undefined, parameters: Record<string, string | number | undefined> = {}): PagedList<T> {
  const address = path && query(path, parameters);
  const first = useResource(address, (signal) => api.get<List<T>>(address!, { signal }));
  const further = useSignal<readonly T[]>([]);
  const next = useSignal<string | null | undefined>(undefined);
  const loading = useSignal(false);
  useEffect(() => {
    further.value = [];
    next.value = first.data.value?.next;
  }, [first.data.value]);

  const more = async (): Promise<void> => {
    const cursor = next.value;
    if (!cursor || loading.value || !path) return;
    loading.value = true;
    try {
      const page = await api.get<List<T>>(query(path, { ...parameters, cursor }));
      // The list may have begun anew meanwhile.
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
