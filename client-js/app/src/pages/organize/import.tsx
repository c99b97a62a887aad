import { api, query } from '../../api';
import { dateAndTime } from '../../lib/format';
import type { EventStore } from '../../state/event';
import { to } from '../../texts/organize';
import { ButtonLink } from '../../ui/button';
import { ErrorTable } from './error-table';
import { ImportSteps } from './import-steps';
import type { SectionProps } from './organize';
import { differing, valueText, type PeopleReport, type ScheduleReport } from './reports';

function Numbers({ items }: { items: readonly (string | false)[] }) {
  const shown = items.filter((item) => item !== false);
  if (!shown.length) return null;
  return (
    <ul class="row">
      {shown.map((item) => (
        <li key={item} class="badge">
          {item}
        </li>
      ))}
    </ul>
  );
}

function ScheduleDifference({ report, store }: { report: ScheduleReport; store: EventStore }) {
  const { created, changed, cancelled, unchanged, warnings } = report;
  const zone = store.event.value?.time_zone;
  const nothing = !changed.length && !cancelled.length && !Object.values(created).some(Boolean);
  return (
    <div class="stack">
      {nothing && <p>{to('import.nothing')}</p>}
      <Numbers
        items={[
          created.sessions > 0 && to('import.newSessions', { count: created.sessions }),
          created.speakers > 0 && to('import.newSpeakers', { count: created.speakers }),
          created.rooms > 0 && to('import.newRooms', { count: created.rooms }),
          created.tracks > 0 && to('import.newTracks', { count: created.tracks }),
          unchanged > 0 && to('import.unchanged', { count: unchanged }),
        ]}
      />
      {changed.length > 0 && (
        <section class="stack-small">
          <h3>{to('import.changed', { count: changed.length })}</h3>
          <ul class="differences">
            {changed.map((change) => (
              <li key={change.guid} class="difference">
                <p>
                  <strong>{change.title}</strong>{' '}
                  {change.what.map((what) => (
                    <span key={what} class="badge" data-tone="accent">
                      {what}
                    </span>
                  ))}
                </p>
                {differing(change).map((name) => (
                  <p key={name} class="small difference-line">
                    <del>{valueText(name, change.before[name], (at) => dateAndTime(at, zone))}</del> <span aria-hidden="true">→</span>{' '}
                    <ins>{valueText(name, change.after[name], (at) => dateAndTime(at, zone))}</ins>
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </section>
      )}
      {cancelled.length > 0 && (
        <section class="stack-small">
          <h3>{to('import.cancelled', { count: cancelled.length })}</h3>
          <ul class="differences">
            {cancelled.map((session) => (
              <li key={session.guid} class="difference">
                {session.title}
              </li>
            ))}
          </ul>
        </section>
      )}
      {warnings.length > 0 && (
        <section class="stack-small">
          <h3>{to('import.warnings', { count: warnings.length })}</h3>
          <ul class="differences">
            {warnings.map((warning) => (
              <li key={`${warning.where} ${warning.message}`} class="difference small">
                <span class="soft">{warning.where}</span> {warning.message}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

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
