import { useSignal } from '@preact/signals';
import { keyFrom } from '../lib/slug';
import { t } from './texts';
import type { Field, FieldKind } from 'plenary-client/rest';
import { CheckField, LongTextField, SelectField, TextField } from '../ui/inputs';
import { ItemList } from './item-list';
import type { SectionProps } from './slots';

const kinds: readonly FieldKind[] = ['text', 'long_text', 'choice', 'checkbox'];

const lines = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()).filter(Boolean))];

function QuestionFields({ field }: { field: Field | undefined }) {
  const kind = useSignal<string>(field?.kind ?? 'text');
  const key = useSignal(field?.key ?? '');
  const touched = useSignal(false);
  return (
    <>
      <TextField
        name="label"
        label={t('questions.label')}
        defaultValue={field?.label ?? ''}
        maxLength={200}
        required
        onInput={(input) => {
          if (!field && !touched.value) key.value = keyFrom(input.currentTarget.value);
        }}
      />
      {!field && (
        <>
          <SelectField name="kind" label={t('questions.kind')} value={kind.value} onChange={(value) => (kind.value = value)} choices={kinds.map((value) => ({ value, label: t(`questions.${value}`) }))} />
          <TextField
            name="key"
            label={t('questions.key')}
            hint={t('questions.keyHint')}
            value={key.value}
            pattern="[a-z][a-z0-9_]*"
            maxLength={40}
            required
            onInput={(input) => {
              touched.value = true;
              key.value = input.currentTarget.value;
            }}
          />
        </>
      )}
      {kind.value === 'choice' && (
        <LongTextField name="options" label={t('questions.options')} hint={t('questions.optionsHint')} defaultValue={field?.options?.join('\n') ?? ''} required />
      )}
      <CheckField name="required" label={t('questions.required')} defaultChecked={field?.required ?? false} />
    </>
  );
}

/** The part of a question that can be changed later. */
const changeable = (data: FormData) => ({
  label: String(data.get('label')).trim(),
  required: data.has('required'),
  ...(data.has('options') && { options: lines(String(data.get('options'))) }),
});

/** What people are asked when they register, besides name, e-mail and ticket. */
export default function Questions({ store }: SectionProps) {
  return (
    <ItemList
      slug={store.slug}
      path="/events/{slug}/fields"
      items={store.event.value!.fields}
      nameOf={(field) => field.label}
      icon="edit"
      texts={{ new: t('questions.new'), empty: t('questions.empty'), emptyHint: t('questions.emptyHint'), deleteHint: t('questions.deleteHint') }}
      draw={(field) => (
        <>
          <p>
            <strong>{field.label}</strong> {field.required && <span class="badge">{t('questions.required')}</span>}
          </p>
          <p class="soft small">{[t(`questions.${field.kind}`), field.options?.join(', ')].filter(Boolean).join(': ')}</p>
        </>
      )}
      fields={(field) => <QuestionFields field={field} />}
      added={(data) => ({ ...changeable(data), key: String(data.get('key')), kind: data.get('kind') as FieldKind })}
      changed={changeable}
      reload={() => store.loadEvent()}
    />
  );
}
