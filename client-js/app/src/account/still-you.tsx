import { useSignal, type Signal } from '@preact/signals';
import { PlenaryError, type Me } from 'plenary-client/rest';
import { api } from '../hub/api';
import { me } from '../hub/me';
import { Button } from '../ui/button';
import { problemText } from '../ui/empty';
import { TextField } from '../ui/inputs';
import { notify } from '../ui/notices';
import { CodeForm } from './code-form';
import { t } from './texts';

/** A change that waits until its person has shown that it is them. */
export type Waiting = Signal<(() => Promise<unknown>) | undefined>;

/** Makes a change; if the hub wants to be sure who makes it, the change waits for a mailed code. */
export async function orProve(waiting: Waiting, change: () => Promise<unknown>): Promise<void> {
  try {
    await change();
  } catch (problem) {
    if (!(problem instanceof PlenaryError) || problem.code !== 'sign_in.not_fresh') throw problem;
    waiting.value = change;
  }
}

/** The present password, or a way around it. */
export function CurrentPassword({ person, onForgotten }: { person: Me; onForgotten: () => void }) {
  if (!person.has_password) return null;
  return (
    <div class="stack-small">
      <TextField name="current" type="password" label={t('profile.passwordCurrent')} autocomplete="current-password" />
      <div>
        <Button small tone="quiet" onClick={onForgotten}>
          {t('prove.instead')}
        </Button>
      </div>
    </div>
  );
}

/** Asks for the code that is mailed to the person's own address, and then makes the change that waits. */
export function StillYou({ person, waiting }: { person: Me; waiting: Waiting }) {
  const request = useSignal<string | undefined>(undefined);
  const busy = useSignal(false);
  const change = waiting.value;
  const email = person.email;
  if (!change || !email) return null;
  const send = async (): Promise<void> => {
    busy.value = true;
    try {
      request.value = (await api.post('/sign-in/link', { body: { email } })).request;
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
    busy.value = false;
  };
  return (
    <div class="account-prove stack-small" role="status">
      <p>{request.value ? t('profile.codeSent', { email }) : t('prove.hint', { email })}</p>
      {request.value ? (
        <CodeForm
          request={request.value}
          path="/sign-in/link/redeem"
          action={t('prove.confirm')}
          onDone={async (proven) => {
            me.value = proven;
            await change();
            waiting.value = undefined;
          }}
        />
      ) : (
        <div>
          <Button tone="primary" busy={busy.value} onClick={() => void send()}>
            {t('prove.send')}
          </Button>
        </div>
      )}
    </div>
  );
}
