import { dayMoment } from './arrange';
import { shortDay } from '../lib/format';
import { t } from './texts';

/** The days side by side; the chosen one is pressed. */
export function DayTabs({ days, current, onChoose }: { days: readonly string[]; current: string | undefined; onChoose: (day: string) => void }) {
  if (days.length < 2) return null;
  return (
    <div class="tabs agenda-days" role="group" aria-label={t('agenda.days')}>
      {days.map((day) => (
        <button type="button" class="tab" key={day} aria-pressed={day === current} onClick={() => onChoose(day)}>
          {shortDay(dayMoment(day), 'UTC')}
        </button>
      ))}
    </div>
  );
}
