import type { ComponentChildren } from 'preact';
import { me, signOut } from '../hub/me';
import { place } from '../lib/router';
import { t } from './labels';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icon';
import { Menu } from '../ui/menu';
import { PreferencesMenu } from './preferences-menu';
import './plain-frame.css';

/** The frame of pages outside an event: the list of events, entry, sign-in. */
export default function PlainFrame({ slug, children }: { slug: string | undefined; children: ComponentChildren }) {
  const person = me.value;
  return (
    <div class="plain">
      <header class="plain-bar">
        <a class="brand" href="/">
          <span class="brand-mark">
            <Icon name="room" />
          </span>
          {t('app.name')}
        </a>
        <div class="row">
          <PreferencesMenu />
          {person ? (
            <Menu
              label={t('account.signedInAs', { name: person.profile.name })}
              items={() => [{ label: t('account.signOut'), icon: 'leave', run: () => void signOut(false) }]}
            >
              <Avatar person={{ id: person.id, name: person.profile.name, picture: person.profile.picture }} />
            </Menu>
          ) : (
            person === null && (
              <a class="button" data-tone="quiet" href={slug ? `/sign-in?next=/e/${encodeURIComponent(slug)}/lobby` : `/sign-in${place.value.search}`}>
                {t('nav.signIn')}
              </a>
            )
          )}
        </div>
      </header>
      <main class="plain-main" id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
