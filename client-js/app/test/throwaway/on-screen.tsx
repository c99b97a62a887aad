import { useSignal } from '@preact/signals';
import { t } from './texts';

export default function Kettle() {
  const cups = useSignal(0);
  return (
    <aside aria-label={t('coffee.brewing')}>
      <button type="button" onClick={() => cups.value++}>
        {cups.value}
      </button>
    </aside>
  );
}
