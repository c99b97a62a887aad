import type { DirectSummary } from 'plenary-client';
import type { Live } from '../hub/live';
import { place } from '../lib/router';
import { textsReady } from '../texts';
import { Announcer } from '../ui/announcer';
import { announce } from '../ui/notices';
import { t } from './texts';

const said = (name: string, text: string): string => t('messages.from', { name, text });
const announcer = new Announcer(announce, { said, mentioned: said, count: (count) => t('messages.newCount', { count }) }, (milliseconds, run) => setTimeout(run, milliseconds));

/** Tells people who cannot see the number beside "Messages" what somebody wrote to them. The open conversation tells its own. */
export async function tell(connection: Live, { channel, last }: DirectSummary): Promise<void> {
  if (!last?.text || last.sender.id === connection.hello.value?.person.id || place.value.path === connection.store.link('messages', channel)) return;
  await textsReady();
  announcer.hear({ name: last.sender.name, text: last.text, important: true });
}
