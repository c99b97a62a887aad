import { KeyGroup } from '../shell/key-group';
import { t } from './texts';

/** The keys of a conversation, which its parts handle themselves. */
export default function KeysHelp() {
  return (
    <>
      <KeyGroup
        title={t('keys.inLog')}
        keys={[
          [['↑', '↓'], t('keys.move')],
          [['Home', 'End'], t('keys.ends')],
          [['Enter'], t('keys.menu')],
          [['r'], t('keys.reply')],
        ]}
      />
      <KeyGroup
        title={t('keys.inComposer')}
        keys={[
          [['Enter'], t('keys.send')],
          [['Shift', 'Enter'], t('keys.newLine')],
          [['↑'], t('keys.editLast')],
          [['@'], t('keys.mention')],
          [['Esc'], t('keys.cancel')],
        ]}
      />
    </>
  );
}
