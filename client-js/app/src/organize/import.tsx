import { api } from '../hub/api';
import { to } from '../texts/organize';
import { ButtonLink } from '../ui/button';
import { peopleTable } from './columns';
import { ImportSteps } from './import-steps';
import type { SectionProps } from './organize';
import { PeopleImport } from './people-import';
import { ScheduleDifference } from './schedule-difference';

/** Brings in a programme or people from files, showing first what would change. */
export function Import({ store }: SectionProps) {
  return (
    <div class="organize-columns">
      <ImportSteps
        title={to('import.schedule')}
        hint={to('import.scheduleHint')}
        accept=".json,application/json"
        send={(body, dryRun) => api.post('/events/{slug}/import/schedule', { slug: store.slug, dry_run: dryRun, body })}
        draw={(report) => <ScheduleDifference report={report} store={store} />}
        onDone={() => store.refresh(['rooms', 'agenda'])}
      />
      <div class="stack">
        <PeopleImport store={store} />
        <p>
          <ButtonLink href={peopleTable(store.slug)} download={`${store.slug}-people.csv`} icon="arrowDown">
            {to('import.export')}
          </ButtonLink>
        </p>
      </div>
    </div>
  );
}
