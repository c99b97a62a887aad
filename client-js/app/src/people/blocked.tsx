import { useEffect } from 'preact/hooks';
import { live } from '../hub/live';
import { blocks, loadBlocks, setBlocked } from './blocks';
import { t as label } from './labels';
import { t } from './texts';
import { Avatar } from '../ui/avatar';
import { Button } from '../ui/button';

/** Whom one blocks. */
export default function Blocked() {
  const greeted = live.value?.hello.value !== undefined;
  useEffect(() => {
    // Without an answer the section stays away; it is asked for again with the next visit.
    if (greeted) loadBlocks().catch(() => undefined);
  }, [greeted]);
  const people = blocks.value;
  if (!people) return null;
  return (
    <section class="card stack" aria-labelledby="blocked">
      <h2 id="blocked">{t('blocked.title')}</h2>
      {people.length ? (
        <ul class="sign-ins">
          {people.map((person) => (
            <li key={person.id} class="sign-in">
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
