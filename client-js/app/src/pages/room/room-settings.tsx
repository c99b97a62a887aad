import { live } from '../../live/live';
import { notify } from '../../state/toasts';
import { t } from '../../texts';
import type { Room } from '../../types';
import { problemText } from '../../ui/empty';
import { Icon } from '../../ui/icon';
import { Menu, type MenuItem } from '../../ui/menu';

const pauses = [0, 5, 15, 60, 300] as const;

/** What moderators switch in a room; it works at once for everyone in it. */
export function RoomSettings({ room }: { room: Room }) {
  const run = (order: Promise<void> | undefined): void => void order?.catch((problem: unknown) => notify(problemText(problem), { tone: 'danger' }));
  const items = (): MenuItem[] => {
    const moderation = live.value?.client.moderation;
    return [
      { label: room.locked ? t('room.unlock') : t('room.lock'), icon: 'lock', run: () => run(moderation?.lock(room.id, !room.locked)) },
      ...pauses.map((seconds, position) => ({
        label: seconds ? `${t('room.slowMode')}: ${seconds} s` : `${t('room.slowMode')}: ${t('room.slowModeOff')}`,
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
