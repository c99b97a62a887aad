import { live } from '../hub/live';
import { moderates, moderatesSomewhere } from '../hub/rights';
import type { Card, Room, RoomId } from 'plenary-client/rest';
import { openDialog } from '../shell/dialogs';
import type { Action, Manifest, Targets } from '../shell/manifest';
import { t as shared } from '../texts';
import { problemText } from '../ui/empty';
import { notify } from '../ui/notices';
import { t } from './labels';
import type {} from './slots';

/** Time-out and ban, for the person a menu is about. */
function sanctions<Kind extends 'person' | 'message'>(
  whom: (target: Targets[Kind]) => { person: Card; room?: RoomId | undefined },
  shown: (target: Targets[Kind]) => boolean,
): Action<Targets[Kind]>[] {
  return [
    { name: 'time-out', label: () => t('timeOut'), icon: 'clock', apart: true, danger: true, shown, run: (target) => openDialog('sanction', { kind: 'time_out', ...whom(target) }) },
    { name: 'ban', label: () => t('ban'), icon: 'ban', danger: true, shown, run: (target) => openDialog('sanction', { kind: 'ban', ...whom(target) }) },
  ];
}

const pauses = [0, 5, 15, 60, 300] as const;

function pauseText(seconds: number): string {
  if (seconds === 0) return t('slowModeOff');
  return seconds < 60 ? shared('time.secondsLong', { count: seconds }) : shared('time.minutesLong', { count: seconds / 60 });
}

const orderly = (order: Promise<void> | undefined): void => void order?.catch((problem: unknown) => notify(problemText(problem), { tone: 'danger' }));
const moderated = ({ room }: { room: Room }): boolean => moderates(room.id);

/** Moderation: of people, of rooms, and the audit log. */
export default {
  routes: [{ pattern: '/e/:slug/moderate', frame: 'event', load: () => import('./moderate') }],
  places: [{ path: ['moderate'], label: () => t('place'), icon: 'shield', group: 'staff', shown: moderatesSomewhere }],
  panels: {
    'room.side': [{ name: 'team', label: () => t('team'), shown: ({ room }) => Boolean(room.staff_channel) && moderates(room.id), load: () => import('./team-talk') }],
    'person.head': [{ name: 'standing', shown: ({ person }) => !!person.standing, load: () => import('./standing') }],
  },
  actions: {
    person: sanctions<'person'>(
      ({ person, room }) => ({ person, room }),
      ({ room }) => moderates(room),
    ),
    message: sanctions<'message'>(
      ({ message, talk }) => ({ person: message.sender, room: talk.room }),
      ({ message, talk }) => talk.moderator && !talk.direct && message.sender.id !== live.value?.hello.value?.person.id,
    ),
    room: [
      {
        name: 'lock',
        label: ({ room }) => t(room.locked ? 'unlock' : 'lock'),
        icon: 'lock',
        shown: moderated,
        run: ({ room }) => orderly(live.value?.client.moderation.lock(room.id, !room.locked)),
      },
      ...pauses.map((seconds, position) => ({
        name: `slow-mode-${seconds}`,
        label: () => `${t('slowMode')}: ${pauseText(seconds)}`,
        checked: ({ room }: { room: Room }) => room.slow_mode_seconds === seconds,
        apart: position === 0,
        shown: moderated,
        run: ({ room }: { room: Room }) => orderly(live.value?.client.moderation.slowMode(room.id, seconds)),
      })),
    ],
  },
  dialogs: { sanction: () => import('./sanction-dialog') },
  texts: import.meta.glob('./texts/*.ts'),
} satisfies Manifest;
