import { agendaOf } from '../agenda';
import { api } from '../hub/api';
import { roomsOf } from '../rooms';
import { t } from './texts';
import { ButtonLink } from '../ui/button';
import { peopleTable } from './columns';
import { ImportSteps } from './import-steps';
import type { SectionProps } from './slots';
import { PeopleImport } from './people-import';
import { ScheduleDifference } from './schedule-difference';

/** Imports a programme or people from files, with a preview of the changes. */
export default function Import({ store }: SectionProps) {
  return (
    <div class="organize-columns">
      <ImportSteps
        title={t('import.schedule')}
        hint={t('import.scheduleHint')}
        accept=".json,.xml,application/json,application/xml,text/xml"
        skipBroken={t('import.skipBroken')}
        send={(body, dryRun, skipBroken) => api.post('/events/{slug}/import/schedule', { slug: store.slug, dry_run: dryRun, skip_broken: skipBroken, body })}
        draw={(report) => <ScheduleDifference report={report} store={store} />}
        onDone={() => Promise.all([roomsOf(store).load(), agendaOf(store).load()]).then(() => undefined)}
      />
      <div class="stack">
        <PeopleImport store={store} />
        <p>
          <ButtonLink href={peopleTable(store.slug)} download={`${store.slug}-people.csv`} icon="arrowDown">
            {t('import.export')}
          </ButtonLink>
        </p>
      </div>
    </div>
  );
}
