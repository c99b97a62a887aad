import { useEffect } from 'preact/hooks';
import { live } from '../hub/live';
import { blocks, loadBlocks, setBlocked } from './blocks';
import { t as label } from './labels';
import { t } from './texts';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';
import './blocked.css';

/** The people the person has blocked. */
export default function Blocked() {
  const greeted = live.value?.hello.value !== undefined;
  useEffect(() => {
    // Without an answer the section is hidden; the next visit tries again.
    if (greeted) loadBlocks().catch(() => undefined);
  }, [greeted]);
  // Of people outside the directory the hub tells no name.
  const people = blocks.value?.map((person) => ({ ...person, name: person.name || t('blocked.unlisted') }));
  if (!people) return null;
  return (
    <section class="card stack" aria-labelledby="blocked">
      <h2 id="blocked">{t('blocked.title')}</h2>
      {people.length ? (
        <ul>
          {people.map((person) => (
            <li key={person.id} class="people-blocked">
              <Avatar person={person} />
              <p>{person.name}</p>
              <Button small onClick={() => void setBlocked(person, false)}>
                {label('unblock')}
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <p class="soft">{t('blocked.none')}</p>
      )}
    </section>
  );
}
