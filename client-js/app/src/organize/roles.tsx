import { useSignal } from '@preact/signals';
import { roomsOf } from '../rooms';
import { api } from '../hub/api';
import { dateAndTime } from '../lib/format';
import { useResource } from '../lib/signal-hooks';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { GrantView, Invitation, Role, RoomId } from 'plenary-client/rest';
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
  const invited = useResource(`invitations ${store.slug}`, (signal) => api.get('/events/{slug}/invitations', { slug: store.slug, signal }));
  const adding = useSignal(false);
  const taking = useSignal<GrantView | undefined>(undefined);
  const rooms = roomsOf(store).list ?? [];
  const roomName = (id: RoomId | undefined): string => (id ? (roomsOf(store).find(id)?.name ?? '') : t('roles.everywhere'));

  const withdraw = async (invitation: Invitation): Promise<void> => {
    try {
      await api.delete('/events/{slug}/invitations/{id}', { slug: store.slug, id: invitation.id });
      notify(t('roles.withdrawn', { address: invitation.address }));
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
    }
    await invited.reload();
  };
  const give = async (data: FormData): Promise<void> => {
    const room = String(data.get('room') ?? '');
    const body = { email: String(data.get('email')).trim(), role: data.get('role') as Role, ...(room ? { room } : {}) };
    const entry = await api.post('/events/{slug}/roles', { slug: store.slug, body });
    const role = t(`role.${entry.role}`);
    notify('person' in entry ? t('roles.given', { name: entry.person.name, role }) : t('roles.invited', { address: entry.address, role }));
    adding.value = false;
    await Promise.all([list.reload(), invited.reload()]);
  };

  const entries = list.data.value?.items;
  const invitations = invited.data.value?.items ?? [];
  const taken = taking.value;
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
                <IconButton icon="close" label={t('roles.revoke', { name: entry.person.name })} onClick={() => (taking.value = entry)} />
              </li>
            ))}
          </ul>
        )}
        {invitations.length > 0 && (
          <section class="stack-small" aria-labelledby="invitations-title">
            <h2 id="invitations-title">{t('roles.invitations')}</h2>
            <p class="soft">{t('roles.invitationsHint')}</p>
            <ul class="card item-list">
              {invitations.map((invitation) => (
                <li key={invitation.id} class="item">
                  <div class="item-text">
                    <p>
                      <strong>{invitation.address}</strong> <span class="badge">{t(`role.${invitation.role}`)}</span>
                    </p>
                    <p class="soft small">
                      {roomName(invitation.room)} · {dateAndTime(invitation.created_at)}
                    </p>
                  </div>
                  <Button small aria-label={t('roles.withdrawOf', { address: invitation.address })} onClick={() => void withdraw(invitation)}>
                    {t('roles.withdraw')}
                  </Button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      {taken && (
        <Dialog title={t('roles.takeTitle', { name: taken.person.name })} onClose={() => (taking.value = undefined)}>
          <p>{t('roles.takeHint', { name: taken.person.name, role: t(`role.${taken.role}`), where: roomName(taken.room) })}</p>
          <Form
            onSubmit={async () => {
              await api.delete('/events/{slug}/roles/{id}', { slug: store.slug, id: taken.id });
              taking.value = undefined;
              await list.reload();
            }}
          >
            <div class="dialog-actions">
              <Button onClick={() => (taking.value = undefined)}>{t('action.cancel')}</Button>
              <SubmitButton tone="danger">{t('roles.take')}</SubmitButton>
            </div>
          </Form>
        </Dialog>
      )}
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
