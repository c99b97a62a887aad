import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { me } from '../hub/me';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { Me } from 'plenary-client/rest';
import { Form } from '../ui/form';
import { LongTextField, SubmitButton, TextField } from '../ui/inputs';
import { LanguageChoice } from './language-choice';
import { PictureChoice } from './picture-choice';

/** The part of a profile shown in the directory and conversations. */
export function ProfileForm({ person }: { person: Me }) {
  const { profile } = person;
  const languages = useSignal<readonly string[]>(profile.languages);
  return (
    <section class="card account-form">
      <PictureChoice person={person} />
      <Form
        guarded
        onSubmit={async (data) => {
          const text = (name: string): string => String(data.get(name)).trim();
          const body = { name: text('name'), affiliation: text('affiliation'), about: text('about'), languages: [...languages.value] };
          me.value = await api.patch('/me', { body });
          notify(t('action.saved'));
        }}
      >
        <TextField name="name" label={t('profile.name')} defaultValue={profile.name} autocomplete="name" maxLength={100} required />
        <TextField name="affiliation" label={t('profile.affiliation')} defaultValue={profile.affiliation ?? ''} autocomplete="organization" maxLength={120} />
        <LongTextField name="about" label={t('profile.about')} hint={t('profile.aboutHint')} defaultValue={profile.about ?? ''} maxLength={1000} />
        <input type="hidden" name="languages" value={languages.value.join(' ')} />
        <LanguageChoice chosen={languages} />
        <div>
          <SubmitButton>{t('action.save')}</SubmitButton>
        </div>
      </Form>
    </section>
  );
}
