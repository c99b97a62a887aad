import type { Slots } from '../../src/shell/manifest';
import { t } from './texts';

export default function CoffeePanel({ room }: Slots['room.side']) {
  return <p>{t('coffee.room', { room: room.name })}</p>;
}
