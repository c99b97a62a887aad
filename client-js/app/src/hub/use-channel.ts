import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { ChannelView } from './channel-view';
import { live } from './live';

/** The channel with this id while the component is mounted; undefined while there is none. */
export function useChannel(id: string | undefined): ChannelView | undefined {
  const view = useSignal<ChannelView | undefined>(undefined);
  const current = live.value;
  useEffect(() => {
    if (!id || !current) {
      view.value = undefined;
      return;
    }
    view.value = current.hold(id);
    return () => current.letGo(id);
  }, [id, current]);
  return view.value?.id === id ? view.value : undefined;
}
