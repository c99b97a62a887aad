import type { ErrorItem } from 'plenary-client/rest';
import { to } from '../texts/organize';

/** Mistakes of a file by row and field. */
export function ErrorTable({ errors }: { errors: readonly ErrorItem[] }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={to('import.problem')}>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{to('import.where')}</th>
            <th scope="col">{to('import.field')}</th>
            <th scope="col">{to('import.problem')}</th>
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
