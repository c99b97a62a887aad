import { useId } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { me } from '../hub/me';
import { t } from './texts';
import type { Me } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import { problemText } from '../ui/empty';
import { PictureError, scaledPicture } from './scaled-picture';

const reasons = { too_large: 'profile.pictureTooLarge', unreadable: 'profile.pictureUnreadable' } as const;

/** The person's picture: a new one replaces it at once. It is scaled down here, so that a phone's photo is not uploaded in full size. */
export function PictureChoice({ person }: { person: Me }) {
  const id = useId();
  const problem = useSignal<string | undefined>(undefined);
  const busy = useSignal(false);

  const change = async (request: () => Promise<Me>): Promise<void> => {
    busy.value = true;
    problem.value = undefined;
    try {
      me.value = await request();
    } catch (failure) {
      problem.value = failure instanceof PictureError ? t(reasons[failure.reason]) : problemText(failure);
    }
    busy.value = false;
  };
  const send = async (file: File): Promise<Me> => api.put('/me/picture', { body: await scaledPicture(file) });

  return (
    <div class="account-picture">
      <Avatar size="huge" person={{ id: person.id, name: person.profile.name, picture: person.profile.picture && `${person.profile.picture}?size=large` }} />
      <div class="stack-small">
        <label class="button" data-tone="secondary" data-busy={busy.value || undefined} for={id}>
          {t('profile.pictureChoose')}
        </label>
        <input
          id={id}
          class="visually-hidden"
          type="file"
          accept="image/*"
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file && !busy.value) void change(() => send(file));
            event.currentTarget.value = '';
          }}
        />
        {person.profile.picture && (
          <Button tone="quiet" small onClick={() => void change(() => api.delete('/me/picture'))}>
            {t('action.remove')}
          </Button>
        )}
        <p class="soft small" id={`${id}-hint`}>
          {t('profile.pictureHint')}
        </p>
        {problem.value && (
          <p class="field-error" role="alert">
            {problem.value}
          </p>
        )}
      </div>
    </div>
  );
}
