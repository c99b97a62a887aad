import type { PageProps } from '../shell/manifest';
import { eventStore } from '../hub/event';
import { me, signOut } from '../hub/me';
import { t } from './texts';
import { Button } from '../ui/button';
import { PageHeading } from '../ui/page';
import { Skeleton } from '../ui/skeleton';
import { Panels } from '../shell/panels';
import { ProfileForm } from './profile-form';
import './profile.css';

/** The person's profile, registrations and sign-ins. */
export default function Profile({ params }: PageProps) {
  const store = eventStore(params['slug']!);
  const person = me.value;
  if (!person) return <Skeleton lines={5} />;
  return (
    <div class="page account-profile">
      <header class="spread">
        <div>
          <PageHeading title={t('profile.title')} event={store.event.value?.title}>
            {t('profile.title')}
          </PageHeading>
          <p class="soft">{t('profile.lead')}</p>
        </div>
        <Button icon="leave" onClick={() => void signOut(false)}>
          {t('profile.signOutHere')}
        </Button>
      </header>
      {person.kind === 'person' && (
        <>
          <ProfileForm person={person} />
          <Panels slot="profile" props={{ store }} />
        </>
      )}
    </div>
  );
}
