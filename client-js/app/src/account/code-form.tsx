import type { Me } from 'plenary-client/rest';
import { api } from '../hub/api';
import { Form } from '../ui/form';
import { SubmitButton, TextField } from '../ui/inputs';
import { t } from './texts';

interface CodeFormProps {
  /** What the hub answered when the mail was asked for. */
  request: string;
  /** Where the code is redeemed. */
  path: '/sign-in/link/redeem' | '/email/confirm';
  action: string;
  onDone: (person: Me) => Promise<unknown>;
}

/** The six digits of a mail that is read on another device. */
export function CodeForm({ request, path, action, onDone }: CodeFormProps) {
  return (
    <Form
      class="account-code"
      onSubmit={async (data) => {
        // Whoever has typed the address and the code wants to be signed in with it.
        const body = { request, code: String(data.get('code')), replace: true };
        await onDone(await api.post(path, { body }));
      }}
    >
      <TextField name="code" label={t('code.label')} inputmode="numeric" autocomplete="one-time-code" pattern="\s*(\d[\s\-]*){6}" title={t('code.title')} placeholder="123 456" maxLength={12} required />
      <SubmitButton>{action}</SubmitButton>
    </Form>
  );
}
