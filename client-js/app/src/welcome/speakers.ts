import type { Speaker } from 'plenary-client/rest';
import type { agendaOf } from '../agenda';

type Agenda = ReturnType<typeof agendaOf>['value']['value'];

/** Everybody who speaks, in the order of the programme. */
export function speakersOf(agenda: Agenda): Pick<Speaker, 'id' | 'name'>[] {
  const ids = new Set(agenda?.ordered.flatMap((session) => session.speakers));
  return [...ids].flatMap((id) => agenda?.speakers.get(id) ?? []).map(({ id, name }) => ({ id, name }));
}
