import { live } from '../hub/live';
import { useResource } from '../lib/signal-hooks';
import type { Slots } from '../shell/manifest';
import { t } from './texts';

/** The names that a person had before, for moderators. */
export default function FormerNames({ person }: Slots['person.head']) {
  const client = live.value?.client;
  const history = useResource(client && person.id, (signal) => client!.moderation.history({ person: person.id }, { signal }));
  const names = history.data.value?.former_names ?? [];
  return names.length ? <p class="soft">{t('names.former', { names: names.join(', ') })}</p> : null;
}
