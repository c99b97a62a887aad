import { useSignal, type Signal } from '@preact/signals';
import { api } from '../hub/api';
import { t } from './texts';
import type { Field, ImportedColumn, PeopleImportReport } from 'plenary-client/rest';
import { columnNames, columnText, mappingPairs } from './columns';
import { ErrorTable } from './error-table';
import { ImportSteps } from './import-steps';
import { Numbers } from './numbers';
import type { SectionProps } from './slots';

type Mapping = ReadonlyMap<string, string>;

/** What each column was taken for, to be seen and corrected before anything is imported. */
function Columns({ columns, fields, mapping, recheck }: { columns: readonly ImportedColumn[]; fields: readonly Field[]; mapping: Signal<Mapping>; recheck: () => void }) {
  if (!columns.length) return null;
  const choose = (header: string, name: string): void => {
    mapping.value = new Map(mapping.value).set(header, name);
    recheck();
  };
  return (
    <section class="stack-small organize-mapping">
      <h3>{t('import.columns')}</h3>
      <p class="soft small">{t('import.columnsHint')}</p>
      <ul class="organize-mapping-list">
        {columns.map(({ header, holds }) => (
          <li key={header}>
            <label>
              <span>{header}</span>
              <select class="input" value={holds ?? '-'} onChange={(event) => choose(header, event.currentTarget.value)}>
                <option value="-">{t('import.columnIgnore')}</option>
                {columnNames(fields).map((name) => (
                  <option key={name} value={name}>
                    {columnText(name, fields)}
                  </option>
                ))}
              </select>
            </label>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Difference({ report }: { report: PeopleImportReport }) {
  return (
    <div class="stack">
      <Numbers
        items={[
          report.created > 0 && t('import.newPeople', { count: report.created }),
          report.changed > 0 && t('import.changedPeople', { count: report.changed }),
          report.unchanged > 0 && t('import.unchanged', { count: report.unchanged }),
        ]}
      />
      {report.error_count > 0 && (
        <section class="stack-small">
          <h3>{t('import.rowErrors', { count: report.error_count })}</h3>
          <p class="soft small">{t('import.failedHint')}</p>
          <ErrorTable errors={report.errors} />
        </section>
      )}
      {report.warnings.length > 0 && (
        <section class="stack-small">
          <h3>{t('import.warnings', { count: report.warnings.length })}</h3>
          <ErrorTable errors={report.warnings} />
        </section>
      )}
      {report.changes.length > 0 && (
        <section class="stack-small">
          <h3>{t('import.changedPeople', { count: report.changed })}</h3>
          <ul class="organize-differences">
            {report.changes.map((change) => (
              <li key={change.row} class="organize-difference small">
                <span class="soft">{t('import.row', { row: change.row })}</span> {change.what.join(', ')}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** Imports people from a table; its columns are matched by name, or mapped by hand. */
export function PeopleImport({ store }: SectionProps) {
  const mapping = useSignal<Mapping>(new Map());
  const fields = store.event.value?.fields ?? [];
  return (
    <ImportSteps
      title={t('import.people')}
      hint={t('import.peopleHint')}
      accept=".csv,text/csv"
      send={(body, dryRun) => api.post('/events/{slug}/import/people', { slug: store.slug, dry_run: dryRun, map: mappingPairs(mapping.value), body })}
      settings={(report, recheck) => <Columns columns={report.columns} fields={fields} mapping={mapping} recheck={recheck} />}
      mayApply={(report) => report.error_count === 0}
      draw={(report) => <Difference report={report} />}
      onDone={() => store.loadEvent()}
    />
  );
}
