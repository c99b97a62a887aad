import { t } from './texts';
import type { Answer, Field } from 'plenary-client/rest';
import { CheckField, LongTextField, SelectField, TextField } from '../ui/inputs';

/** Name of the input of an organizer's question; the hub reports errors under the same name. */
const inputName = (field: Field): string => `answers.${field.key}`;

/** The answers in a sent form. Questions left empty are left out. */
export function answersFrom(data: FormData, fields: readonly Field[]): Record<string, Answer> {
  const answers: Record<string, Answer> = {};
  for (const field of fields) {
    const name = inputName(field);
    if (field.kind === 'checkbox') answers[field.key] = data.has(name);
    else {
      const text = String(data.get(name) ?? '').trim();
      if (text) answers[field.key] = text;
    }
  }
  return answers;
}

/** One question that the organizers ask. */
export function CustomField({ field, value }: { field: Field; value?: Answer | undefined }) {
  const name = inputName(field);
  const label = (
    <>
      {field.label}
      {!field.required && field.kind !== 'checkbox' && <span class="optional"> {t('register.optional')}</span>}
    </>
  );
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'checkbox':
      return <CheckField name={name} label={label} required={field.required} defaultChecked={value === true} />;
    case 'long_text':
      return <LongTextField name={name} label={label} required={field.required} maxLength={4000} defaultValue={text} />;
    case 'choice':
      return (
        <SelectField
          name={name}
          label={label}
          required={field.required}
          value={text}
          choices={[{ value: '', label: t('action.choose') }, ...(field.options ?? []).map((option) => ({ value: option, label: option }))]}
        />
      );
    case 'text':
      return <TextField name={name} label={label} required={field.required} maxLength={500} defaultValue={text} />;
  }
}
