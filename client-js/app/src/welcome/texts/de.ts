import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  'facts.label': 'Zur Veranstaltung',
  'facts.when': 'Wann',
  'facts.what': 'Programm',
  'facts.who': 'Vortragende',
  'facts.day': '{day}, {from} bis {until}',
  'facts.begins': 'Beginn: {day}, {time}',
  'facts.inZone': 'Ortszeit {place} ({zone})',
  'facts.here': 'Bei dir: {day}, {time} ({zone})',
  'facts.sessions': { one: '{count} Beitrag', other: '{count} Beiträge' },
  'facts.rooms': { one: '{sessions} in {count} Raum', other: '{sessions} in {count} Räumen' },
  'facts.more': { one: '{names} und {count} weitere Person', other: '{names} und {count} weitere' },
  'facts.startsIn': 'Beginnt in',
  'facts.onNow': 'Läuft gerade',
  'facts.over': 'Diese Veranstaltung ist vorbei.',
  'facts.draft': 'Diese Veranstaltung ist ein Entwurf: Nur ihr Team sieht sie.',
} satisfies Translation<typeof en>;
