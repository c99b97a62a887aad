import { live } from '../hub/live';
import { t } from './texts';
import type { Card } from 'plenary-client/rest';

/** The other people of a conversation; if there are none, the reader. */
export function others(people: readonly Card[]): readonly Card[] {
  const self = live.value?.hello.value?.person.id;
  const rest = people.filter((person) => person.id !== self);
  return rest.length ? rest : people;
}

/** The name of a conversation: its other people. */
export function conversationName(people: readonly Card[]): string {
  return (
    others(people)
      .map((person) => person.name)
      .join(', ') || t('messages.only')
  );
}
