import { useSignal } from '@preact/signals';
import { live } from '../hub/live';
import type { PageProps } from '../shell/routes';
import { eventStore } from '../hub/event';
import { t } from '../texts';
import { Button, ButtonLink, IconButton } from '../ui/button';
import { Empty } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { ConversationList } from './conversation-list';
import { DirectView } from './direct-view';
import { NewConversation } from './new-conversation';
import './messages.css';

/** Conversations between people: the list, and the open one beside it (instead of it on a phone). */
export default function Messages({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const channel = params['channel'];
  const starting = useSignal(false);
  const current = live.value;

  if (current?.readOnly.value) {
    return (
      <div class="page">
        <PageHeading title={t('messages.title')} event={store.event.value?.title}>
          {t('messages.title')}
        </PageHeading>
        <Empty icon="message" title={t('messages.guest')} hint={t('messages.guestHint')}>
          <ButtonLink href={store.link('register')} tone="primary">
            {t('entry.register')}
          </ButtonLink>
        </Empty>
      </div>
    );
  }
  return (
    <div class="messages fills" data-open={channel ? true : undefined}>
      <section class="messages-list" aria-label={t('messages.list')}>
        <header class="messages-header">
          {channel ? (
            <h2 class="messages-title">{t('messages.title')}</h2>
          ) : (
            <PageHeading title={t('messages.title')} event={store.event.value?.title}>
              {t('messages.title')}
            </PageHeading>
          )}
          <IconButton icon="plus" label={t('messages.new')} onClick={() => (starting.value = true)} />
        </header>
        <ConversationList store={store} open={channel} onNew={() => (starting.value = true)} />
      </section>
      <div class="messages-open">
        {channel ? (
          <DirectView key={channel} store={store} channel={channel} />
        ) : (
          <Empty icon="message" title={t('messages.choose')} hint={t('messages.chooseHint', { count: (current?.limits.value?.group_size ?? 8) - 1 })}>
            <Button icon="plus" onClick={() => (starting.value = true)}>
              {t('messages.new')}
            </Button>
          </Empty>
        )}
      </div>
      {starting.value && <NewConversation store={store} onClose={() => (starting.value = false)} />}
    </div>
  );
}
