import { useEffect, useRef } from 'preact/hooks';
import { organizes } from '../hub/rights';
import { Lazy } from '../shell/lazy';
import type { PageProps } from '../shell/manifest';
import { panels } from '../shell/registry';
import { eventStore } from '../hub/event';
import { me } from '../hub/me';
import { isOrganizer } from '../hub/roles';
import { t } from './texts';
import { Empty } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { NotFound } from '../ui/not-found';
import './organize.css';
import '../ui/styles/lists.css';

/** The organizers' sections, each with its own address. */
export default function Organize({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const sections = panels('organize', { store });
  const section = sections.find(({ name }) => name === (params['section'] ?? sections[0]?.name));
  const event = store.event.value;
  const tabs = useRef<HTMLElement>(null);
  // On a phone the tabs scroll sideways: the chosen one must be visible.
  useEffect(() => {
    tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [section, event]);
  if (!section) return <NotFound />;
  if (!event || !me.value) {
    return (
      <div class="page">
        <Skeleton lines={6} />
      </div>
    );
  }
  if (!organizes() && !isOrganizer(store.slug)) {
    return (
      <div class="page">
        <PageHeading title={t('organize.title')} event={event.title}>
          {t('organize.title')}
        </PageHeading>
        <Empty icon="lock" title={t('organize.denied')} hint={t('organize.deniedHint')} />
      </div>
    );
  }
  const title = section.label?.({ store }) ?? section.name;
  return (
    <div class="page">
      <header class="stack">
        <PageHeading title={`${title} · ${t('organize.title')}`} event={event.title}>
          {t('organize.title')}
          <span class="visually-hidden">: {title}</span>
        </PageHeading>
        <nav ref={tabs} class="tabs" aria-label={t('organize.sections')}>
          {sections.map((other, position) => (
            <a key={other.name} class="tab" href={position === 0 ? store.link('organize') : store.link('organize', other.name)} aria-current={other === section ? 'page' : undefined}>
              {other.label?.({ store }) ?? other.name}
            </a>
          ))}
        </nav>
      </header>
      <Lazy key={section.name} load={section.load} props={{ store }} />
    </div>
  );
}
