import { api, query } from '../../api';
import { to } from '../../texts/organize';
import { ButtonLink } from '../../ui/button';
import { ErrorTable } from './error-table';
import { ImportSteps } from './import-steps';
import type { SectionProps } from './organize';
import { Numbers } from './numbers';
import type { PeopleReport, ScheduleReport } from './reports';
import { ScheduleDifference } from './schedule-difference';

function PeopleDifference({ report }: { report: PeopleReport }) {
  return (
    <div class="stack">
      <Numbers
        items={[
          report.created > 0 && to('import.newPeople', { count: report.created }),
          report.changed > 0 && to('import.changedPeople', { count: report.changed }),
          report.unchanged > 0 && to('import.unchanged', { count: report.unchanged }),
        ]}
      />
      {report.errors.length > 0 && (
        <section class="stack-small">
          <h3>{to('import.rowErrors', { count: report.errors.length })}</h3>
          <ErrorTable errors={report.errors} />
        </section>
      )}
    </div>
  );
}

/** Brings in a programme or people from files, showing first what would change. */
export function Import({ store }: SectionProps) {
  const send = <T,>(path: string, type: string) => {
    return (file: File, dryRun: boolean): Promise<T> => api.post<T>(query(path, { dry_run: dryRun }), undefined, { raw: { body: file, type } });
  };
  return (
    <div class="organize-columns">
      <ImportSteps<ScheduleReport>
        title={to('import.schedule')}
        hint={to('import.scheduleHint')}
        accept=".json,application/json"
        send={send(store.path('import', 'schedule'), 'application/json')}
        draw={(report) => <ScheduleDifference report={report} store={store} />}
        onDone={() => store.refresh(['rooms', 'agenda'])}
      />
      <div class="stack">
        <ImportSteps<PeopleReport>
          title={to('import.people')}
          hint={to('import.peopleHint')}
          accept=".csv,text/csv"
          send={send(store.path('import', 'people'), 'text/csv')}
          draw={(report) => <PeopleDifference report={report} />}
          onDone={() => store.refresh(['ticket_types'])}
        />
        <p>
          <ButtonLink href={`/api/v1${store.path('export', 'people.csv')}`} download={`${store.slug}-people.csv`} icon="arrowDown">
            {to('import.export')}
          </ButtonLink>
        </p>
      </div>
    </div>
  );
}
