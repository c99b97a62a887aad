import { useEffect, useRef } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';

/** The state of something a page fetches. While a newer answer is pending, the last one stays. */
export interface Resource<T> {
  readonly data: Signal<T | undefined>;
  readonly error: Signal<unknown>;
  readonly loading: Signal<boolean>;
  reload(): Promise<void>;
}

/**
 * Fetches when the component appears and whenever `key` changes; outdated answers are dropped. With `undefined` as
 * key nothing is fetched yet.
 */
export function useResource<T>(key: string | undefined, fetcher: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const data = useSignal<T | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const loading = useSignal(key !== undefined);
  const latest = useRef(fetcher);
  latest.current = fetcher;
  const running = useRef<AbortController | undefined>(undefined);

  const reload = async (): Promise<void> => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    loading.value = true;
    try {
      const answer = await latest.current(controller.signal);
      if (controller.signal.aborted) return;
      data.value = answer;
      error.value = undefined;
    } catch (problem) {
      if (controller.signal.aborted) return;
      error.value = problem;
    }
    loading.value = false;
  };

  useEffect(() => {
    if (key === undefined) return;
    void reload();
    return () => running.current?.abort();
  }, [key]);

  return { data, error, loading, reload };
}

/** The value, once it has not changed for `quiet` milliseconds: for searching while typing. */
export function useSettled<T>(value: T, quiet = 250): T {
  const settled = useSignal(value);
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = value), quiet);
    return () => clearTimeout(timer);
  }, [value, quiet]);
  return settled.value;
}
