import { useId } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { api } from '../../api';
import { me } from '../../state/me';
import { t } from '../../texts';
import type { Me } from '../../types';
import { Avatar } from '../../ui/avatar';
import { Button } from '../../ui/button';
import { problemText } from '../../ui/empty';
import { loadMe } from '../../state/me';

const largest = 2 * 1024 * 1024;
const kinds = ['image/png', 'image/jpeg', 'image/webp'];

/** One's picture: a new one replaces it at once. */
export function PictureChoice({ person }: { person: Me }) {
  const id = useId();
  const problem = useSignal<string | undefined>(undefined);
  const busy = useSignal(false);

  const change = async (request: () => Promise<Me | void>): Promise<void> => {
    busy.value = true;
    problem.value = undefined;
    try {
      const changed = await request();
      if (changed) me.value = changed;
      else await loadMe();
    } catch (failure) {
      problem.value = problemText(failure);
    }
    busy.value = false;
  };
  const choose = (file: File | undefined): void => {
    if (!file) return;
    if (!kinds.includes(file.type)) problem.value = t('profile.pictureKind');
    else if (file.size > largest) problem.value = t('profile.pictureTooLarge');
    else void change(() => api.put<Me | void>('/me/picture', undefined, { raw: { body: file, type: file.type } }));
  };

  return (
    <div class="picture-choice">
      <Avatar size="huge" person={{ id: person.id, name: person.profile.name, picture: person.profile.picture ?? null }} />
      <div class="stack-small">
        <label class="button" data-tone="secondary" data-busy={busy.value || undefined} for={id}>
          {t('profile.pictureChoose')}
        </label>
        <input
          id={id}
          class="visually-hidden"
          type="file"
          accept={kinds.join(',')}
          aria-describedby={`${id}-hint`}
          onChange={(event) => {
            choose(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        {person.profile.picture && (
          <Button tone="quiet" small onClick={() => void change(() => api.delete<Me | void>('/me/picture'))}>
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
