import type { ErrorItem } from 'plenary-client/rest';
import { t } from './texts';

/** The errors in a file by row and field. */
export function ErrorTable({ errors }: { errors: readonly ErrorItem[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={t('import.problem')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{t('import.where')}</th>
            <th scope="col">{t('import.field')}</th>
            <th scope="col">{t('import.problem')}</th>
          </tr>
        </thead>
        <tbody>
          {errors.map((error, place) => (
            <tr key={place}>
              <td>{error.row ?? ''}</td>
              <td>{error.field ?? ''}</td>
              <td>{error.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
