import { singleKeys } from '../lib/preferences';
import { t, type TextKey } from '../texts';
import { Dialog } from '../ui/dialog';

type Shortcut = [keys: string[], text: Extract<TextKey, `keys.${string}`>];

const groups: { title: Extract<TextKey, `keys.${string}`>; shortcuts: Shortcut[] }[] = [
  {
    title: 'keys.anywhere',
    shortcuts: [
      [['?'], 'keys.help'],
      [['g', 'l'], 'keys.goLobby'],
      [['g', 'a'], 'keys.goAgenda'],
      [['g', 'm'], 'keys.goMessages'],
      [['g', 'p'], 'keys.goPeople'],
      [['c'], 'keys.compose'],
    ],
  },
  {
    title: 'keys.inLog',
    shortcuts: [
      [['↑', '↓'], 'keys.move'],
      [['Home', 'End'], 'keys.ends'],
      [['Enter'], 'keys.menu'],
      [['r'], 'keys.reply'],
    ],
  },
  {
    title: 'keys.inComposer',
    shortcuts: [
      [['Enter'], 'keys.send'],
      [['Shift', 'Enter'], 'keys.newLine'],
      [['↑'], 'keys.editLast'],
      [['@'], 'keys.mention'],
      [['Esc'], 'keys.cancel'],
    ],
  },
];

/** What can be done with the keyboard alone, beyond Tab and Enter. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('keys.title')} onClose={onClose} wide>
      <div class="check">
        <input type="checkbox" id="single-keys" checked={singleKeys.value === 'on'} onChange={(event) => (singleKeys.value = event.currentTarget.checked ? 'on' : 'off')} />
        <label for="single-keys">{t('keys.single')}</label>
      </div>
      <div class="keys">
        {groups.map((group) => (
          <section key={group.title} class="stack-small">
            <h3>{t(group.title)}</h3>
            <dl class="keys-list">
              {group.shortcuts.map(([keys, text]) => (
                <div key={text}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{t(text)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
