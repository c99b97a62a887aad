import type { ComponentChildren } from 'preact';
import { dateAndTime } from '../lib/format';
import type { ScheduleImportReport, SessionChange } from 'plenary-client/rest';
import type { EventStore } from '../hub/event';
import { keys, t } from './texts';
import { ErrorTable } from './error-table';
import { Numbers } from './numbers';
import { differing, valueText } from './reports';

/** Kinds of change ("moved" and so on) in words; unknown ones as they are. */
const whatText = (what: string): string => (keys('what.').includes(`what.${what}`) ? t(`what.${what}` as 'what.moved') : what);

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="stack-small">
      <h3>{title}</h3>
      <ul class="organize-differences">{children}</ul>
    </section>
  );
}

function Change({ change, zone }: { change: SessionChange; zone: string | undefined }) {
  const time = (at: number): string => dateAndTime(at, zone);
  return (
    <li class="organize-difference">
      <p>
        <strong>{change.title}</strong>{' '}
        {change.what.map((what) => (
          <span key={what} class="badge" data-tone="accent">
            {whatText(what)}
          </span>
        ))}
      </p>
      {differing(change).map((name) => (
        <p key={name} class="small organize-difference-line">
          <del>{valueText(name, change.before[name], time)}</del> <span aria-hidden="true">→</span> <ins>{valueText(name, change.after[name], time)}</ins>
        </p>
      ))}
    </li>
  );
}

/** What importing a schedule changes, most important first. */
export function ScheduleDifference({ report, store }: { report: ScheduleImportReport; store: EventStore }) {
  const { created, changed, cancelled, unchanged, warnings } = report;
  const zone = store.event.value?.time_zone;
  const counts = [created, report.updated, report.removed].flatMap((part) => Object.values(part));
  const nothing = !changed.length && !report.cancelled_count && !counts.some(Boolean) && !report.rooms_renamed.length;
  return (
    <div class="stack">
      {nothing && <p>{t('import.nothing')}</p>}
      <Numbers
        items={[
          created.sessions > 0 && t('import.newSessions', { count: created.sessions }),
          created.speakers > 0 && t('import.newSpeakers', { count: created.speakers }),
          created.rooms > 0 && t('import.newRooms', { count: created.rooms }),
          created.tracks > 0 && t('import.newTracks', { count: created.tracks }),
          unchanged > 0 && t('import.unchanged', { count: unchanged }),
        ]}
      />
      {changed.length > 0 && (
        <Part title={t('import.changed', { count: changed.length })}>
          {changed.map((change) => (
            <Change key={change.guid} change={change} zone={zone} />
          ))}
        </Part>
      )}
      {report.cancelled_count > 0 && (
        <Part title={t('import.cancelled', { count: report.cancelled_count })}>
          {cancelled.map((session) => (
            <li key={session.guid} class="organize-difference">
              {session.title} <span class="soft small">{[dateAndTime(session.starts_at, zone), session.room].filter(Boolean).join(' · ')}</span>
            </li>
          ))}
        </Part>
      )}
      {report.rooms_renamed.length > 0 && (
        <Part title={t('import.roomsRenamed', { count: report.rooms_renamed.length })}>
          {report.rooms_renamed.map((room) => (
            <li key={room.before} class="organize-difference organize-difference-line">
              <del>{room.before}</del> <span aria-hidden="true">→</span> <ins>{room.after}</ins>
            </li>
          ))}
        </Part>
      )}
      {report.rooms_missing.length > 0 && (
        <p class="soft">
          {t('import.roomsMissing')} {report.rooms_missing.join(', ')}
        </p>
      )}
      {report.left_out_count > 0 && (
        <section class="stack-small">
          <h3>{t('import.leftOut', { count: report.left_out_count })}</h3>
          <ErrorTable errors={report.left_out} />
        </section>
      )}
      {warnings.length > 0 && (
        <Part title={t('import.warnings', { count: warnings.length })}>
          {warnings.map((warning) => (
            <li key={`${warning.where} ${warning.message}`} class="organize-difference small">
              <span class="soft">{warning.where}</span> {warning.message}
            </li>
          ))}
        </Part>
      )}
    </div>
  );
}
