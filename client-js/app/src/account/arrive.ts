import { PlenaryError, type Me } from 'plenary-client/rest';
import { api } from '../hub/api';
import { me } from '../hub/me';
import { chooseLanguage } from '../lib/preferences';
import { navigate, safeNext } from '../lib/router';
import { language, languages, type Language } from '../texts';
import { asked } from './asked';
import { t } from './texts';

/** Makes sure that the browser has kept the sign-in; otherwise the next page would only say that nobody is signed in. */
export async function signedInAs(person: Me): Promise<void> {
  const kept = (await api.get('/sign-in')).me;
  if (!kept) throw new PlenaryError('sign_in.not_kept', t('cookies.lost', { host: location.host }));
  me.value = person;
  asked.value = undefined;
  const wanted = person.locale?.split('-')[0];
  if (wanted && wanted in languages && wanted !== language.value) void chooseLanguage(wanted as Language);
}

/** Takes a person who has just signed in to where they wanted to go; if they have only one event, to its lobby. */
export async function arriveAs(person: Me, next: string | null | undefined): Promise<void> {
  await signedInAs(person);
  const only = person.events.length === 1 ? person.events[0] : undefined;
  navigate(safeNext(person.next ?? next, only ? `/e/${encodeURIComponent(only.slug)}/lobby` : '/'), { replace: true });
}
