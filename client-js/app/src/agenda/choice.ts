import { signal, type Signal } from '@preact/signals';
import type { Choice } from './choose';
import type { RoomId, SessionId, TrackId } from 'plenary-client/rest';

export type AgendaView = 'list' | 'grid';

/** The reader's filters. They last while the app is open, so that the agenda is unchanged after a visit to a session. */
export class AgendaChoice {
  readonly search = signal('');
  /** Empty: all of them. */
  readonly room = signal<RoomId>('');
  readonly track = signal<TrackId>('');
  readonly starred = signal(false);
  /** undefined: today, or the first day. */
  readonly day = signal<string | undefined>(undefined);

  /** Whether anything except the day is chosen. */
  get narrowed(): boolean {
    return Boolean(this.search.value.trim() || this.room.value || this.track.value || this.starred.value);
  }

  clear(): void {
    this.search.value = '';
    this.room.value = '';
    this.track.value = '';
    this.starred.value = false;
  }

  filter(search: string, stars: ReadonlySet<SessionId>): Choice {
    const oneOf = (chosen: Signal<string>): Set<string> => new Set(chosen.value ? [chosen.value] : []);
    return { search, rooms: oneOf(this.room), tracks: oneOf(this.track), only: this.starred.value ? stars : undefined };
  }
}

export const agendaView = signal<AgendaView>('list');

let kept: { slug: string; choice: AgendaChoice } | undefined;

export function agendaChoice(slug: string): AgendaChoice {
  if (kept?.slug !== slug) kept = { slug, choice: new AgendaChoice() };
  return kept.choice;
}
