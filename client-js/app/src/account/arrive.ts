import { navigate, safeNext } from '../lib/router';
import { me } from '../hub/me';
import { chooseLanguage } from '../lib/preferences';
import { language, languages, type Language } from '../texts';
import type { Me } from 'plenary-client/rest';

/** Takes a person who has just signed in to where they wanted to go; if they have only one event, to its lobby. */
export function arriveAs(person: Me, next: string | null): void {
  me.value = person;
  const wanted = person.locale?.split('-')[0];
  if (wanted && wanted in languages && wanted !== language.value) void chooseLanguage(wanted as Language);
  const only = person.events.length === 1 ? person.events[0] : undefined;
  navigate(safeNext(person.next ?? next, only ? `/e/${encodeURIComponent(only.slug)}/lobby` : '/'), { replace: true });
}
