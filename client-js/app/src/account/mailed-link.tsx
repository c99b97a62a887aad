import { useEffect } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { PlenaryError, type MailedLink as Link, type Me } from 'plenary-client/rest';
import { api } from '../hub/api';
import { eventStore } from '../hub/event';
import { me } from '../hub/me';
import { dateAndTime } from '../lib/format';
import { navigate } from '../lib/router';
import { Button, ButtonLink } from '../ui/button';
import { Problem, problemText } from '../ui/empty';
import { Icon } from '../ui/icon';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Welcome } from '../welcome';
import { arriveAs, signedInAs } from './arrive';
import { NeedsCookies } from './cookies-blocked';
import type { Goal } from './goal';
import { LinkForm, RegisterInstead } from './link-form';
import { NewPassword } from './new-password';
import { t } from './texts';
import './account.css';

/** A mailed link: what it would do, and for whom. Only the button does it, since mail filters open links, too. */
export function MailedLink({ token, goal }: { token: string; goal: Goal }) {
  const link = useSignal<Link | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  const confirmed = useSignal<Me | undefined>(undefined);
  const look = async (): Promise<void> => {
    problem.value = undefined;
    try {
      link.value = await api.post('/mailed-link', { body: { token } });
    } catch (failure) {
      problem.value = failure;
    }
  };
  useEffect(() => void look(), [token]);

  const slug = link.value?.event?.slug ?? goal.event;
  const failure = problem.value;
  if (failure instanceof PlenaryError && failure.status === 410) return <Dead goal={goal} />;
  return (
    <Welcome slug={slug}>
      {failure ? (
        <Problem problem={failure} retry={() => void look()} />
      ) : confirmed.value ? (
        <Confirmed person={confirmed.value} />
      ) : link.value ? (
        <Offer link={link.value} token={token} goal={goal} slug={slug} onConfirmed={(person) => (confirmed.value = person)} />
      ) : (
        <>
          <PageHeading title={t('link.looking')}>{t('link.looking')}</PageHeading>
          <Skeleton kind="card" lines={4} />
        </>
      )}
    </Welcome>
  );
}

interface OfferProps {
  link: Link;
  token: string;
  goal: Goal;
  slug: string | undefined;
  onConfirmed: (person: Me) => void;
}

function Offer({ link, token, goal, slug, onConfirmed }: OfferProps) {
  const event = slug ? eventStore(slug).event.value?.title : undefined;
  const heading = t(`link.${link.purpose}`);
  return (
    <>
      <header class="stack-small">
        <PageHeading title={heading} event={event}>
          {heading}
        </PageHeading>
        <p class="soft">{t(`link.${link.purpose}Hint`)}</p>
      </header>
      <NeedsCookies hint={t('cookies.linkStays', { time: dateAndTime(link.expires_at) })}>
        <div class="card stack">
          <Facts link={link} />
          <SomebodyElse link={link} goal={goal} />
          {link.removes_password && <p class="soft">{t('link.removesPassword')}</p>}
          {link.taken ? (
            <p class="form-problem" role="alert">
              <Icon name="warning" />
              {t('link.taken')}
            </p>
          ) : link.purpose === 'reset_password' ? (
            <NewPassword token={token} replace={link.somebody_else} email={link.email} />
          ) : (
            <Redeem link={link} token={token} goal={goal} onConfirmed={onConfirmed} />
          )}
        </div>
      </NeedsCookies>
      <p class="soft small">{t('link.notYou')}</p>
    </>
  );
}

/** For whom it is. */
function Facts({ link }: { link: Link }) {
  return (
    <dl class="facts account-facts">
      <dt>{t('link.address')}</dt>
      <dd class="account-address">{link.email}</dd>
      <dt>{link.purpose === 'confirm_email' ? t('link.account') : t('link.name')}</dt>
      <dd>{link.name}</dd>
      {link.ticket && (
        <>
          <dt>{t('link.ticket')}</dt>
          <dd>{link.ticket}</dd>
        </>
      )}
    </dl>
  );
}

/** A stranger's link must not replace one's own sign-in without a word. */
function SomebodyElse({ link, goal }: { link: Link; goal: Goal }) {
  const person = me.value;
  if (!link.somebody_else || !person) return null;
  return (
    <div class="account-notice">
      <Icon name="warning" />
      <div class="stack-small">
        <p>{t('link.somebodyElse', { name: person.email ?? person.profile.name })}</p>
        <p>
          <Button tone="primary" onClick={() => navigate(goal.next ?? '/', { replace: true })}>
            {t('link.stay', { name: person.profile.name })}
          </Button>
        </p>
      </div>
    </div>
  );
}

function Redeem({ link, token, goal, onConfirmed }: Omit<OfferProps, 'slug'>) {
  const busy = useSignal(false);
  const problem = useSignal<unknown>(undefined);
  const redeem = async (): Promise<void> => {
    busy.value = true;
    problem.value = undefined;
    const body = { token, replace: link.somebody_else };
    try {
      if (link.purpose === 'confirm_email') {
        const person = await api.post('/email/confirm', { body });
        await signedInAs(person);
        onConfirmed(person);
      } else await arriveAs(await api.post('/sign-in/link/redeem', { body }), goal.next);
    } catch (failure) {
      problem.value = failure;
    }
    busy.value = false;
  };
  return (
    <>
      {problem.value !== undefined && (
        <p class="form-problem" role="alert">
          <Icon name="warning" />
          {problemText(problem.value)}
        </p>
      )}
      <Button class="account-main-action" tone={link.somebody_else ? 'secondary' : 'primary'} busy={busy.value} onClick={() => void redeem()}>
        {link.somebody_else ? t('link.signInAs', { name: link.name }) : t(`link.${link.purpose as Exclude<Link['purpose'], 'reset_password'>}Do`)}
      </Button>
    </>
  );
}

function Confirmed({ person }: { person: Me }) {
  return (
    <>
      <PageHeading title={t('confirm.done')}>{t('confirm.done')}</PageHeading>
      <div class="card stack">
        <p role="status">{t('confirm.doneHint', { email: person.email ?? '' })}</p>
        <p>
          <ButtonLink href="/" tone="primary">
            {t('confirm.continue')}
          </ButtonLink>
        </p>
      </div>
    </>
  );
}

/** A link that was used or is too old: the event is still known, and a new one is a click away. */
function Dead({ goal }: { goal: Goal }) {
  return (
    <Welcome slug={goal.event}>
      <header class="stack-small">
        <PageHeading title={t('signIn.linkFailed')}>{t('signIn.linkFailed')}</PageHeading>
        <p class="soft">{t('signIn.linkFailedHint')}</p>
      </header>
      <div class="card stack">
        {me.value?.kind === 'person' ? (
          <>
            <p>{t('account.signedInAs', { name: me.value.email ?? me.value.profile.name })}</p>
            <ButtonLink tone="primary" href={goal.next ?? (goal.event ? `/e/${encodeURIComponent(goal.event)}/lobby` : '/')}>
              {t('confirm.continue')}
            </ButtonLink>
          </>
        ) : (
          <LinkForm goal={goal} />
        )}
      </div>
      <RegisterInstead event={goal.event} />
    </Welcome>
  );
}
