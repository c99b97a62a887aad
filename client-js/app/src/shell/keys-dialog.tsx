import { singleKeys } from '../lib/preferences';
import { Dialog } from '../ui/dialog';
import { KeyGroup } from './key-group';
import { t } from './labels';
import { Panels } from './panels';
import { keys } from './registry';
import '../ui/styles/forms.css';
import './keys.css';

/** Keyboard shortcuts, beyond Tab and Enter. */
export default function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keys.title')} onClose={onClose} wide>
      <div class="check">
        <input type="checkbox" id="single-keys" checked={singleKeys.value === 'on'} onChange={(event) => (singleKeys.value = event.currentTarget.checked ? 'on' : 'off')} />
        <label for="single-keys">{t('keys.single')}</label>
      </div>
      <div class="keys">
        <KeyGroup title={t('keys.anywhere')} keys={keys().map((key) => [key.keys, key.label()] as const)} />
        <Panels slot="keys" props={{}} />
      </div>
    </Dialog>
  );
}
