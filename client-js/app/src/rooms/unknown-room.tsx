import type { EventStore } from '../hub/event';
import { ButtonLink } from '../ui/button';
import { Empty } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { t } from './texts';

/** Says that there is no such room, or no more. */
export default function UnknownRoom({ store }: { store: EventStore }) {
  return (
    <>
      <PageHeading class="visually-hidden" title={t('room.unknown')}>
        {t('room.unknown')}
      </PageHeading>
      <Empty icon="room" title={t('room.unknown')} hint={t('room.unknownHint')}>
        <ButtonLink href={store.link('rooms')}>{t('rooms.title')}</ButtonLink>
      </Empty>
    </>
  );
}
