import type { EventStore } from '../hub/event';
import { Icon } from '../ui/icon';
import { linkOf, Marks } from './places';
import { places } from './registry';
import { t } from './labels';

/** The phone's navigation, within reach of the thumb. */
export function Tabbar({ store }: { store: EventStore }) {
  return (
    <nav class="tabbar" aria-label={t('nav.main')}>
      {places('main', store).map((place) => {
        const { href, current } = linkOf(store, place);
        return (
          <a key={href} class="tabbar-link" href={href} aria-current={current ? 'page' : undefined}>
            <Icon name={place.icon} />
            {place.label(store)}
            <Marks marks={place.marks?.(store) ?? []} />
          </a>
        );
      })}
    </nav>
  );
}
