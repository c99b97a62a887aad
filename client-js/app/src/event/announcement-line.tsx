import { useEffect } from 'preact/hooks';
import { useChannel } from '../hub/use-channel';
import { isAt } from '../lib/router';
import { roomsOf } from '../rooms';
import type { Slots } from '../shell/manifest';
import { IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { announce } from '../ui/notices';
import { unseen } from './announced';
import { t } from './labels';
import './announcement-line.css';

/** The newest announcement that one has not seen, on every page until it is dismissed. The lobby lists them all. */
export default function AnnouncementLine({ store }: Slots['banner']) {
  const view = useChannel(roomsOf(store).announcements);
  const all = unseen(view);
  const newest = all.at(-1);
  const text = newest?.text ?? '';
  useEffect(() => {
    if (text) announce(t('announced', { text }));
  }, [newest?.seq, text]);

  const lobby = store.link('lobby');
  if (!newest || isAt(lobby)) return null;
  return (
    <div class="banner event-announcement-line" role="group" aria-label={t('announcement')}>
      <Icon name="megaphone" />
      <p>{text}</p>
      <a href={lobby}>{all.length > 1 ? t('allAnnouncements', { count: all.length }) : t('place')}</a>
      <IconButton small icon="close" label={t('dismiss')} onClick={() => view?.channel.value?.read()} />
    </div>
  );
}
