import { singleKeys } from '../lib/preferences';
import { Dialog } from '../ui/dialog';
import type { Key } from './manifest';
import { keys } from './registry';
import { t } from './labels';

const signs: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

/** What can be done with the keyboard alone, beyond Tab and Enter. */
export default function KeysDialog({ onClose }: { onClose: () => void }) {
  const groups = new Map<string, Key[]>();
  for (const key of keys()) {
    const title = key.within?.() ?? t('keys.anywhere');
    groups.set(title, [...(groups.get(title) ?? []), key]);
  }
  return (
    <Dialog title={t('keys.title')} onClose={onClose} wide>
      <div class="check">
        <input type="checkbox" id="single-keys" checked={singleKeys.value === 'on'} onChange={(event) => (singleKeys.value = event.currentTarget.checked ? 'on' : 'off')} />
        <label for="single-keys">{t('keys.single')}</label>
      </div>
      <div class="keys">
        {[...groups].map(([title, shortcuts]) => (
          <section key={title} class="stack-small">
            <h3>{title}</h3>
            <dl class="keys-list">
              {shortcuts.map((shortcut) => (
                <div key={shortcut.label()}>
                  <dt>
                    {shortcut.keys.map((key) => (
                      <kbd key={key}>{signs[key] ?? key}</kbd>
                    ))}
                  </dt>
                  <dd>{shortcut.label()}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
