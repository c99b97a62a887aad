import { live } from '../hub/live';
import { notify } from '../ui/notices';
import { t } from '../texts';
import type { Room } from 'plenary-client/rest';
import { problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { Menu, type MenuItem } from '../ui/menu';

const pauses = [0, 5, 15, 60, 300] as const;

function pauseText(seconds: number): string {
  if (seconds === 0) return t('room.slowModeOff');
  return seconds < 60 ? t('time.secondsLong', { count: seconds }) : t('time.minutesLong', { count: seconds / 60 });
}

/** What moderators switch in a room; it works at once for everyone in it. */
export function RoomSettings({ room }: { room: Room }) {
  const run = (order: Promise<void> | undefined): void => void order?.catch((problem: unknown) => notify(problemText(problem), { tone: 'danger' }));
  const items = (): MenuItem[] => {
    const moderation = live.value?.client.moderation;
    return [
      { label: room.locked ? t('room.unlock') : t('room.lock'), icon: 'lock', run: () => run(moderation?.lock(room.id, !room.locked)) },
      ...pauses.map((seconds, position) => ({
        label: `${t('room.slowMode')}: ${pauseText(seconds)}`,
        checked: room.slow_mode_seconds === seconds,
        apart: position === 0,
        run: () => run(moderation?.slowMode(room.id, seconds)),
      })),
    ];
  };
  return (
    <Menu label={t('room.settings')} items={items}>
      <Icon name="settings" />
    </Menu>
  );
}
