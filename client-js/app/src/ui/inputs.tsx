import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Button } from './button';
import { Field, useFieldError, useFormBusy } from './form';
import type { IconName } from './icon';
import './styles/forms.css';

interface Common {
  name: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
}

/** The common properties of form controls. */
interface Attributes {
  value?: string | number;
  defaultValue?: string | number;
  required?: boolean;
  disabled?: boolean;
  autocomplete?: string;
  placeholder?: string;
  minLength?: number;
  maxLength?: number;
}

interface TextAttributes extends Attributes {
  type?: 'text' | 'email' | 'password' | 'number' | 'datetime-local' | 'url';
  min?: number | string;
  max?: number | string;
  pattern?: string;
  title?: string;
  inputmode?: 'numeric' | 'email' | 'url';
  spellcheck?: boolean;
  list?: string;
  onInput?: (event: { currentTarget: HTMLInputElement }) => void;
}

/** One line of text. */
export function TextField({ name, label, hint, type = 'text', ...rest }: Common & TextAttributes) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(control) => <input {...({ type } as { type: 'text' })} class="input" {...rest} {...control} />}
    </Field>
  );
}

/** Several lines of text. */
export function LongTextField({ name, label, hint, ...rest }: Common & Attributes & { rows?: number }) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(control) => <textarea rows={4} class="input" {...rest} {...control} />}
    </Field>
  );
}

interface Choice {
  value: string;
  label: string;
}

/** One of several options, as a native select. */
export function SelectField({
  name,
  label,
  hint,
  choices,
  value,
  required,
  onChange,
}: Common & { choices: readonly Choice[]; value?: string | undefined; required?: boolean; onChange?: (value: string) => void }) {
  return (
    <Field name={name} label={label} hint={hint}>
      {(control) => (
        <select class="input" required={required ?? false} onChange={(event) => onChange?.(event.currentTarget.value)} {...control}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value} selected={choice.value === value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A checkbox with its text beside it. */
export function CheckField({ name, label, hint, onChange, ...rest }: Common & { required?: boolean; defaultChecked?: boolean; checked?: boolean; onChange?: (on: boolean) => void; value?: string }) {
  const id = useId();
  const error = useFieldError(name);
  return (
    <div class="check" data-invalid={error ? true : undefined}>
      <input
        type="checkbox"
        {...rest}
        onChange={(event) => onChange?.(event.currentTarget.checked)}
        id={id}
        name={name}
        aria-describedby={[hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined}
        aria-invalid={error ? true : undefined}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

/** The form's own button. */
export function SubmitButton({ children, tone = 'primary', icon }: { children: ComponentChildren; tone?: 'primary' | 'secondary' | 'danger'; icon?: IconName }) {
  const busy = useFormBusy();
  return (
    <Button type="submit" tone={tone} busy={busy} {...(icon ? { icon } : {})}>
      {children}
    </Button>
  );
}

/** Two to four choices side by side, as radio buttons: arrow keys move, space selects. */
export function Segments<T extends string>({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: T;
  choices: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class="segment">
          <input type="radio" name={name} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          <span>{choice.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A search box without a form: it searches while typing. */
export function SearchBox({ label, value, onInput, placeholder }: { label: string; value: string; onInput: (value: string) => void; placeholder?: string }) {
  return (
    <input
      type="search"
      class="input search-box"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={value}
      autocomplete="off"
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}
