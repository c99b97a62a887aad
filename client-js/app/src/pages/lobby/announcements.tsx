import type { EventStore } from '../../state/event';
import { t } from '../../texts';
import { Empty } from '../../ui/empty';

/** What the organizers tell everyone, newest first. */
export function Announcements(_: { store: EventStore }) {
  return (
    <section class="stack" aria-labelledby="lobby-announcements">
      <h2 id="lobby-announcements" class="lobby-heading">
        {t('lobby.announcements')}
      </h2>
      <div class="card">
        <Empty compact icon="megaphone" title={t('lobby.noAnnouncements')} hint={t('lobby.noAnnouncementsHint')} />
      </div>
    </section>
  );
}
