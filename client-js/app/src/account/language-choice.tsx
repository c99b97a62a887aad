import { useId } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import { languageName } from '../lib/format';
import { t } from './texts';
import { Icon } from '../ui/icon';

const known = ['ar', 'bg', 'bn', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fa', 'fi', 'fr', 'he', 'hi', 'hr', 'hu', 'id', 'it', 'ja', 'ko', 'lt', 'lv', 'ms', 'nb', 'nl', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl', 'sr', 'sv', 'sw', 'ta', 'th', 'tr', 'uk', 'ur', 'vi', 'zh'];

/** The languages a person speaks: chosen ones as removable chips, the others in a list. */
export function LanguageChoice({ chosen }: { chosen: Signal<readonly string[]> }) {
  const id = useId();
  const others = known
    .filter((code) => !chosen.value.includes(code))
    .map((code) => ({ code, name: languageName(code) }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <div class="field">
      <label for={id}>{t('profile.languages')}</label>
      {chosen.value.length > 0 && (
        <ul class="row">
          {chosen.value.map((code) => (
            <li key={code}>
              <button type="button" class="chip" aria-label={t('action.removeName', { name: languageName(code) })} onClick={() => (chosen.value = chosen.value.filter((other) => other !== code))}>
                {languageName(code)}
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {chosen.value.length < 10 && (
        <select
          id={id}
          class="input"
          value=""
          onChange={(event) => {
            if (event.currentTarget.value) chosen.value = [...chosen.value, event.currentTarget.value];
            event.currentTarget.value = '';
          }}
        >
          <option value="">{t('action.choose')}</option>
          {others.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}
