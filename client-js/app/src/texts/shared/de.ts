import type { Translation } from '../catalog';
import type en from './en';

export default {
  'language.direction': 'ltr',

  'app.name': 'Plenary',
  'app.skip': 'Zum Inhalt springen',
  'app.loading': 'Wird geladen …',
  'app.title': '{page} · {event}',

  'action.cancel': 'Abbrechen',
  'action.close': 'Schließen',
  'action.save': 'Speichern',
  'action.saved': 'Gespeichert.',
  'action.retry': 'Noch einmal versuchen',
  'action.search': 'Suchen',
  'action.more': 'Mehr anzeigen',
  'action.undo': 'Rückgängig',
  'action.back': 'Zurück',
  'action.remove': 'Entfernen',
  'action.removeName': '{name} entfernen',
  'action.choose': 'Bitte wählen',

  'problem.title': 'Das hat nicht geklappt',
  'problem.network': 'Der Server ist nicht erreichbar. Prüfe deine Verbindung und versuche es noch einmal.',
  'problem.unexpected': 'Auf dieser Seite ist etwas schiefgegangen. Lade sie neu und versuche es noch einmal.',
  'problem.answer': 'Der Server hat mit Fehler {status} geantwortet. Versuche es gleich noch einmal.',
  'problem.reload': 'Seite neu laden',
  'problem.fields': { one: 'Bitte prüfe das markierte Feld.', other: 'Bitte prüfe die {count} markierten Felder.' },
  'problem.notFound': 'Seite nicht gefunden',
  'problem.notFoundHint': 'Vielleicht ist die Seite umgezogen oder der Link unvollständig.',
  'problem.toStart': 'Zur Startseite',

  'time.in': 'in {time}',
  'time.days': { one: '{count} Tag', other: '{count} Tagen' },
  'time.hours': { one: '{count} Stunde', other: '{count} Stunden' },
  'time.secondsLong': { one: '{count} Sekunde', other: '{count} Sekunden' },
  'time.minutesLong': { one: '{count} Minute', other: '{count} Minuten' },
  'time.hoursLong': { one: '{count} Stunde', other: '{count} Stunden' },
  'time.daysLong': { one: '{count} Tag', other: '{count} Tage' },
  'time.today': 'Heute',
  'time.yesterday': 'Gestern',
  'time.zone': 'Zeitzone',
  'time.zoneEvent': 'Veranstaltung ({zone})',
  'time.zoneMine': 'Meine Zeit ({zone})',
  'time.minutes': '{count} min',

  'toasts.label': 'Benachrichtigungen',
  'unread.count': { one: '{count} ungelesen', other: '{count} ungelesen' },
  'account.signedInAs': 'Angemeldet als {name}',
  'account.signOut': 'Abmelden',
} satisfies Translation<typeof en>;
