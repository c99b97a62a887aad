import type { Dialogs } from '../../src/shell/manifest';
import { Dialog } from '../../src/ui/dialog';
import { t } from './texts';

export default function CoffeeDialog({ person, onClose }: Dialogs['coffee'] & { onClose: () => void }) {
  return (
    <Dialog title={t('coffee.with', { name: person.name })} onClose={onClose}>
      <p>☕</p>
    </Dialog>
  );
}
