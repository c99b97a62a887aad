import { useSignal } from '@preact/signals';
import { api } from '../hub/api';
import { loadMe, me } from '../hub/me';
import { dateRange } from '../lib/format';
import { navigate, place } from '../lib/router';
import { useResource } from '../lib/signal-hooks';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { OwnInvitation } from 'plenary-client/rest';
import { Button, ButtonLink } from '../ui/button';
import { Empty, Problem, problemText } from '../ui/empty';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';

function SignInFirst() {
  const event = new URLSearchParams(place.value.search).get('event');
  const query = new URLSearchParams({ next: '/invitations', ...(event ? { event } : {}) });
  return (
    <Empty icon="person" title={t('invitations.signIn')} hint={t('invitations.signInHint')}>
      <ButtonLink tone="primary" href={`/sign-in?${query.toString()}`}>
        {t('invitations.toSignIn')}
      </ButtonLink>
    </Empty>
  );
}

function InvitationCard({ invitation, decided }: { invitation: OwnInvitation; decided: () => Promise<void> }) {
  const busy = useSignal(false);
  const decide = async (accept: boolean): Promise<void> => {
    busy.value = true;
    try {
      if (accept) await api.post('/me/invitations/{id}/accept', { id: invitation.id });
      else await api.delete('/me/invitations/{id}', { id: invitation.id });
      await loadMe();
      if (accept) {
        notify(t('invitations.accepted', { role: t(`role.${invitation.role}`), event: invitation.title }));
        navigate(`/e/${encodeURIComponent(invitation.slug)}/lobby`);
      } else await decided();
    } catch (problem) {
      notify(problemText(problem), { tone: 'danger' });
      await decided();
    }
    busy.value = false;
  };
  return (
    <li class="card stack-small">
      <h2>{invitation.title}</h2>
      <p class="soft">{dateRange(invitation.starts_at, invitation.ends_at, invitation.time_zone)}</p>
      <p>
        {t('invitations.role')} <strong>{t(`role.${invitation.role}`)}</strong>
        {invitation.room && <> · {t('invitations.room', { room: invitation.room })}</>}
      </p>
      {invitation.by && <p class="soft small">{t('invitations.by', { name: invitation.by })}</p>}
      <div class="row">
        <Button tone="primary" busy={busy.value} onClick={() => void decide(true)}>
          {t('invitations.accept')}
        </Button>
        <Button busy={busy.value} onClick={() => void decide(false)}>
          {t('invitations.decline')}
        </Button>
      </div>
    </li>
  );
}

/** The roles that the person is invited to. Looking at them accepts nothing. */
export default function Invitations() {
  const person = me.value?.kind === 'person' ? me.value : undefined;
  const list = useResource(person?.id, (signal) => api.get('/me/invitations', { signal }));
  const invitations = list.data.value?.items;
  return (
    <div class="narrow stack">
      <PageHeading title={t('invitations.title')}>{t('invitations.title')}</PageHeading>
      {me.value === undefined ? (
        <Skeleton kind="card" lines={1} />
      ) : !person ? (
        <SignInFirst />
      ) : list.error.value && !invitations ? (
        <Problem problem={list.error.value} retry={() => void list.reload()} />
      ) : !invitations ? (
        <Skeleton kind="card" lines={1} />
      ) : !invitations.length ? (
        <Empty icon="shield" title={t('invitations.none')} hint={t('invitations.noneHint', { email: person.email ?? '' })} />
      ) : (
        <>
          <p class="soft">{t('invitations.lead')}</p>
          <ul class="stack">
            {invitations.map((invitation) => (
              <InvitationCard key={invitation.id} invitation={invitation} decided={() => list.reload()} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
