import { live } from '../hub/live';
import { t } from './texts';
import type { Card } from 'plenary-client/rest';

/** The people of a conversation without oneself; alone, that is oneself. */
export function others(people: readonly Card[]): readonly Card[] {
  const self = live.value?.hello.value?.person.id;
  const rest = people.filter((person) => person.id !== self);
  return rest.length ? rest : people;
}

/** What a conversation is called: its other people. */
export function conversationName(people: readonly Card[]): string {
  return (
    others(people)
      .map((person) => person.name)
      .join(', ') || t('messages.only')
  );
}
