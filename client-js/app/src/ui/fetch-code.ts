import { t } from '../texts';
import { problemText } from './empty';
import { notify } from './notices';

/** Whether the hub serves another release than this page's, whose further files it no longer has. */
async function isOutdated(): Promise<boolean> {
  const start = await fetch('/', { cache: 'no-store' }).then((answer) => (answer.ok ? answer.text() : ''), () => '');
  return start !== '' && !start.includes(new URL(import.meta.url).pathname);
}

/** Fetches code that is not there yet; a failure has a code that says why. */
export async function fetchCode<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (problem) {
    if ((problem as { code?: string }).code) throw problem;
    throw Object.assign(new Error(String(problem)), { code: (await isOutdated()) ? 'app.outdated' : 'network.unreachable' });
  }
}

/** What to do about a problem that only another release solves. */
export const reloading = (problem: unknown): { label: string; run: () => void } | undefined =>
  (problem as { code?: string }).code === 'app.outdated' ? { label: t('problem.reload'), run: () => location.reload() } : undefined;

/** Tells what went wrong, at the edge of the page. */
export function complain(problem: unknown): void {
  const action = reloading(problem);
  notify(problemText(problem), { tone: 'danger', ...(action ? { action } : {}) });
}
