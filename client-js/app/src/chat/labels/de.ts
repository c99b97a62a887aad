import type { Translation } from '../../texts/catalog';
import type en from './en';

export default {
  talk: 'Gespräch',
  compose: 'Nachricht schreiben',
  inLog: 'In einem Gespräch',
  move: 'Nachricht für Nachricht',
  ends: 'Erste oder letzte Nachricht',
  menu: 'Aktionen einer Nachricht öffnen',
  reply: 'Auf eine Nachricht antworten',
  inComposer: 'Beim Schreiben',
  send: 'Senden',
  newLine: 'Neue Zeile',
  editLast: 'Deine letzte Nachricht bearbeiten (wenn nichts geschrieben ist)',
  mention: 'Jemanden erwähnen',
  cancel: 'Antwort oder Bearbeitung abbrechen',
} satisfies Translation<typeof en>;
