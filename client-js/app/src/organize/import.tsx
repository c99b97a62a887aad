import { api, query } from '../hub/api';
import { to } from '../texts/organize';
import { ButtonLink } from '../ui/button';
import { ImportSteps } from './import-steps';
import type { SectionProps } from './organize';
import { PeopleImport } from './people-import';
import type { ScheduleReport } from './reports';
import { ScheduleDifference } from './schedule-difference';

/** Brings in a programme or people from files, showing first what would change. */
export function Import({ store }: SectionProps) {
  return (
    <div class="organize-columns">
      <ImportSteps<ScheduleReport>
        title={to('import.schedule')}
        hint={to('import.scheduleHint')}
        accept=".json,application/json"
        send={(file, dryRun) => {
          const path = query(store.path('import', 'schedule'), { dry_run: dryRun });
          return api.post<ScheduleReport>(path, undefined, { raw: { body: file, type: 'application/json' } });
        }}
        draw={(report) => <ScheduleDifference report={report} store={store} />}
        onDone={() => store.refresh(['rooms', 'agenda'])}
      />
      <div class="stack">
        <PeopleImport store={store} />
        <p>
          <ButtonLink href={`/api/v1${store.path('export', 'people.csv')}`} download={`${store.slug}-people.csv`} icon="arrowDown">
            {to('import.export')}
          </ButtonLink>
        </p>
      </div>
    </div>
  );
}
