import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { Conversation } from '../chat';
import { live } from '../hub/live';
import { useChannel } from '../hub/use-channel';
import { preparedItems } from '../shell/registry';
import { navigate } from '../lib/router';
import type { EventStore } from '../hub/event';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { Card } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Menu, type MenuItem } from '../ui/menu';
import { PageHeading } from '../ui/page';
import { conversationName, others } from './names';
import { directsOf } from './store';

/** One conversation. */
export function DirectView({ store, channel }: { store: EventStore; channel: string }) {
  const current = live.value;
  const view = useChannel(channel);
  const asked = useSignal<readonly Card[] | undefined>(undefined);
  const known = (current && directsOf(current).find(channel))?.people;
  const joined = view?.channel.value;

  // Opened by its address: neither the list nor a menu has provided the participants.
  useEffect(() => {
    if (known || !joined) return;
    joined.people().then(
      (page) => (asked.value = page.people),
      () => undefined,
    );
  }, [known === undefined, joined]);

  const people = known ?? asked.value;
  const partners = people ? others(people) : [];
  const name = people ? conversationName(people) : t('messages.title');
  const single = partners.length === 1 ? partners[0] : undefined;

  const items = async (): Promise<MenuItem[]> => [
    ...(single ? await preparedItems('person', { person: single }, 'write') : partners.map((person): MenuItem => ({ label: person.name, icon: 'person', run: () => navigate(store.link('people', person.id)) }))),
    {
      label: t('messages.hide'),
      icon: 'close',
      apart: true,
      run: () =>
        void current?.client.directs.hide(channel).then(
          () => {
            notify(t('messages.hidden'));
            navigate(store.link('messages'));
          },
          (problem: unknown) => notify(problemText(problem), { tone: 'danger' }),
        ),
    },
  ];

  return (
    <>
      <header class="directs-header gives-way">
        <a class="icon-button directs-back" href={store.link('messages')} aria-label={t('action.back')}>
          <Icon name="back" />
        </a>
        {single && <Avatar person={single} />}
        <PageHeading title={name} event={store.event.value?.title}>
          {name}
        </PageHeading>
        <Menu label={t('messages.actions')} items={items}>
          <Icon name="more" />
        </Menu>
      </header>
      <Conversation view={view} name={name} zone={store.zone.value} moderator={false} direct />
    </>
  );
}
