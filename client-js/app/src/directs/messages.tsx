import { live } from '../hub/live';
import { openDialog } from '../shell/dialogs';
import type { PageProps } from '../shell/manifest';
import { eventStore } from '../hub/event';
import { t } from './texts';
import { Button, ButtonLink, IconButton } from '../ui/button';
import { Empty } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { ConversationList } from './conversation-list';
import { DirectView } from './direct-view';
import './messages.css';

/** Conversations between people: the list, and the open one beside it (instead of it on a phone). */
export default function Messages({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const channel = params['channel'];
  const start = (): void => openDialog('newConversation', { store });
  const current = live.value;

  if (current?.readOnly.value) {
    return (
      <div class="page">
        <PageHeading title={t('messages.title')} event={store.event.value?.title}>
          {t('messages.title')}
        </PageHeading>
        <Empty icon="message" title={t('messages.guest')} hint={t('messages.guestHint')}>
          <ButtonLink href={store.link('register')} tone="primary">
            {t('messages.register')}
          </ButtonLink>
        </Empty>
      </div>
    );
  }
  return (
    <div class="directs fills" data-open={channel ? true : undefined}>
      <section class="directs-list" aria-label={t('messages.list')}>
        <header class="directs-list-header">
          {channel ? (
            <h2 class="directs-title">{t('messages.title')}</h2>
          ) : (
            <PageHeading title={t('messages.title')} event={store.event.value?.title}>
              {t('messages.title')}
            </PageHeading>
          )}
          <IconButton icon="plus" label={t('messages.new')} onClick={start} />
        </header>
        <ConversationList store={store} open={channel} onNew={start} />
      </section>
      <div class="directs-open">
        {channel ? (
          <DirectView key={channel} store={store} channel={channel} />
        ) : (
          <Empty icon="message" title={t('messages.choose')} hint={t('messages.chooseHint', { count: (current?.hello.value?.limits.group_size ?? 8) - 1 })}>
            <Button icon="plus" onClick={start}>
              {t('messages.new')}
            </Button>
          </Empty>
        )}
      </div>
    </div>
  );
}
