import { useSignal } from '@preact/signals';
import { roomsOf } from '../rooms';
import { api } from '../hub/api';
import { useResource } from '../lib/signal-hooks';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { GrantView, Role, RoomId } from 'plenary-client/rest';
import { Avatar } from '../ui/avatar';
import { Button, IconButton } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Empty, Problem, problemText } from '../ui/empty';
import { Form } from '../ui/form';
import { SelectField, SubmitButton, TextField } from '../ui/inputs';
import { Skeleton } from '../ui/skeleton';
import type { SectionProps } from './slots';

const grantable = ['organizer', 'moderator', 'speaker', 'exhibitor', 'attendee'] as const;

/** The roles, in the event or in one room. */
export default function Roles({ store }: SectionProps) {
  const list = useResource(`roles ${store.slug}`, (signal) => api.get('/events/{slug}/roles', { slug: store.slug, signal }));
  const adding = useSignal(false);
  const rooms = roomsOf(store).list ?? [];
  const roomName = (id: RoomId | undefined): string => (id ? (roomsOf(store).find(id)?.name ?? '') : t('roles.everywhere'));

  const revoke = async (entry: GrantView): Promise<void> => {
    try {
      await api.delete('/events/{slug}/roles/{id}', { slug: store.slug, id: entry.id });
      await list.reload();
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
  };
  const give = async (data: FormData): Promise<void> => {
    const room = String(data.get('room') ?? '');
    const body = { email: String(data.get('email')).trim(), role: data.get('role') as Role, ...(room ? { room } : {}) };
    const entry = await api.post('/events/{slug}/roles', { slug: store.slug, body });
    notify(t('roles.given', { name: entry.person.name, role: t(`role.${entry.role}`) }));
    adding.value = false;
    await list.reload();
  };

  const entries = list.data.value?.items;
  return (
    <>
      <div class="stack">
        <p>
          <Button tone="primary" icon="plus" onClick={() => (adding.value = true)}>
            {t('roles.add')}
          </Button>
        </p>
        {list.error.value && !entries ? (
          <Problem problem={list.error.value} retry={() => void list.reload()} />
        ) : !entries ? (
          <Skeleton kind="row" lines={3} />
        ) : !entries.length ? (
          <div class="card">
            <Empty icon="shield" title={t('roles.empty')} />
          </div>
        ) : (
          <ul class="card item-list">
            {entries.map((entry) => (
              <li key={entry.id} class="item">
                <Avatar person={entry.person} />
                <div class="item-text">
                  <p>
                    <strong>{entry.person.name}</strong>{' '}
                    <span class="badge" data-tone="accent">
                      {t(`role.${entry.role}`)}
                    </span>
                  </p>
                  <p class="soft small">{roomName(entry.room)}</p>
                </div>
                <IconButton icon="close" label={t('roles.revoke', { name: entry.person.name })} onClick={() => void revoke(entry)} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {adding.value && (
        <Dialog title={t('roles.add')} onClose={() => (adding.value = false)}>
          <Form onSubmit={give}>
            <TextField name="email" type="email" label={t('roles.person')} hint={t('roles.personHint')} autocomplete="off" required />
            <SelectField name="role" label={t('roles.role')} value="moderator" choices={grantable.map((value) => ({ value, label: t(`role.${value}`) }))} />
            <SelectField name="room" label={t('roles.where')} value="" choices={[{ value: '', label: t('roles.everywhere') }, ...rooms.map((room) => ({ value: room.id, label: room.name }))]} />
            <div class="dialog-actions">
              <Button onClick={() => (adding.value = false)}>{t('action.cancel')}</Button>
              <SubmitButton>{t('roles.add')}</SubmitButton>
            </div>
          </Form>
        </Dialog>
      )}
    </>
  );
}
