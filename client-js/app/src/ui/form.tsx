import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useId, useRef } from 'preact/hooks';
import { useSignal, type Signal } from '@preact/signals';
import type { PlenaryError } from 'plenary-client/rest';
import { guardLeaving } from '../lib/router';
import { t } from '../texts';
import { Icon } from './icon';
import { problemText } from './empty';
import './styles/forms.css';

type FieldErrors = Readonly<Record<string, string>>;

interface FormState {
  errors: Signal<FieldErrors>;
  busy: Signal<boolean>;
}

const FormContext = createContext<FormState | undefined>(undefined);

/** Whether the surrounding form is sending: for its submit button. */
export const useFormBusy = (): boolean => useContext(FormContext)?.busy.value ?? false;

/** The surrounding form's error for a field. */
export const useFieldError = (name: string): string | undefined => useContext(FormContext)?.errors.value[name];

/** Errors by field name; the hub's field names match the inputs', which hold lists as a whole. */
function fieldErrors(problem: unknown): FieldErrors {
  const { code, errors = [] } = problem as Partial<PlenaryError>;
  const found: Record<string, string> = {};
  for (const { field, message } of [...errors, problem as PlenaryError]) if (field) found[field.split('[')[0]!] ??= problemText({ code, field, message });
  return found;
}

interface FormProps {
  /** Sends the form; its errors are shown at the fields, or above them. */
  onSubmit: (data: FormData, form: HTMLFormElement) => Promise<unknown>;
  children: ComponentChildren;
  class?: string;
  /** Asks before its page is left with changes that are not saved. */
  guarded?: boolean;
}

/** A form's values, to be compared. */
const valuesOf = (form: HTMLFormElement | null): string => (form ? JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)])) : '');

/** A form that keeps its input if sending fails, and moves the focus to the first invalid field. */
export function Form({ onSubmit, children, class: extra, guarded }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const errors = useSignal<FieldErrors>({});
  const general = useSignal<string | undefined>(undefined);
  const busy = useSignal(false);
  /** What it held at first, or was saved last. */
  const saved = useRef('');
  useEffect(() => {
    saved.current = valuesOf(form.current);
    return guarded ? guardLeaving(() => valuesOf(form.current) !== saved.current) : undefined;
  }, []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy.value || !form.current) return;
    busy.value = true;
    errors.value = {};
    general.value = undefined;
    try {
      const sent = valuesOf(form.current);
      await onSubmit(new FormData(form.current), form.current);
      saved.current = sent;
    } catch (problem) {
      const byField = fieldErrors(problem);
      const known = Object.keys(byField).filter((name) => form.current?.elements.namedItem(name));
      errors.value = byField;
      general.value = known.length ? t('problem.fields', { count: known.length }) : problemText(problem);
    }
    busy.value = false;
  };

  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    first?.focus();
  }, [errors.value]);

  return (
    <FormContext.Provider value={{ errors, busy }}>
      <form ref={form} class={`form ${extra ?? ''}`} onSubmit={(event) => void submit(event)}>
        {general.value && (
          <p class="form-problem" role="alert">
            <Icon name="warning" />
            {general.value}
          </p>
        )}
        {children}
      </form>
    </FormContext.Provider>
  );
}

interface FieldProps {
  name: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** Renders the control; the properties connect it to its label, hint and error. */
  children: (control: ControlProps) => ComponentChildren;
}

export interface ControlProps {
  id: string;
  name: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A label, a control, its hint and its error. */
export function Field({ name, label, hint, children }: FieldProps) {
  const id = useId();
  const error = useFieldError(name);
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div class="field" data-invalid={error ? true : undefined}>
      <label for={id}>{label}</label>
      {hint && (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({ id, name, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p class="field-error" id={`${id}-error`}>
          <Icon name="warning" />
          {error}
        </p>
      )}
    </div>
  );
}
