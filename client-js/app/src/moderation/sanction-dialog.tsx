import { roomsOf } from '../rooms';
import { live } from '../hub/live';
import { moderates } from '../hub/rights';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { SanctionDialogProps } from './slots';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Form } from '../ui/form';
import { CheckField, LongTextField, SelectField, SubmitButton } from '../ui/inputs';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

function durations(kind: SanctionDialogProps['kind']): { value: string; label: string }[] {
  const choices = [
    { value: String(5 * minute), label: t('time.minutesLong', { count: 5 }) },
    { value: String(15 * minute), label: t('time.minutesLong', { count: 15 }) },
    { value: String(hour), label: t('time.hoursLong', { count: 1 }) },
    { value: String(day), label: t('time.daysLong', { count: 1 }) },
    { value: String(7 * day), label: t('time.daysLong', { count: 7 }) },
  ];
  return kind === 'ban' ? [{ value: '', label: t('moderation.forGood') }, ...choices.slice(2)] : choices;
}

/** Time-out or ban: where, how long, and why. The person is told the reason at once. */
export default function SanctionDialog({ kind, person, room, onClose }: SanctionDialogProps & { onClose: () => void }) {
  const current = live.value!;
  const place = room ? roomsOf(current.store).find(room) : undefined;
  const roomName = place?.name;
  const channel = place?.channel;
  const everywhere = moderates();
  const name = person.name;

  const submit = async (data: FormData): Promise<void> => {
    const seconds = Number(data.get('seconds')) || undefined;
    const reason = String(data.get('reason')).trim();
    const order = { person: person.id, reason, ...(room && data.get('scope') !== 'event' ? { room } : {}) };
    const { moderation } = current.client;
    const sanction =
      kind === 'ban' ? await moderation.ban({ ...order, ...(seconds ? { seconds } : {}) }) : await moderation.timeOut({ ...order, seconds: seconds ?? 5 * minute });
    if (channel && data.has('delete_recent')) {
      await moderation.deleteRecent({ channel, person: person.id, minutes: 60, reason });
    }
    notify(t(kind === 'ban' ? 'moderation.banned' : 'moderation.timedOut', { name }), {
      action: { label: t('action.undo'), run: () => void moderation.lift(sanction.id).then(() => notify(t('moderation.lifted'))) },
    });
    onClose();
  };

  return (
    <Dialog title={t(kind === 'ban' ? 'moderation.banTitle' : 'moderation.timeOutTitle', { name })} onClose={onClose}>
      <p class="soft">{t(kind === 'ban' ? 'moderation.banHint' : 'moderation.timeOutHint')}</p>
      <Form onSubmit={submit}>
        {room && roomName && everywhere && (
          <SelectField
            name="scope"
            label={t('moderation.scope')}
            value="room"
            choices={[
              { value: 'room', label: t('moderation.scopeRoom', { room: roomName }) },
              { value: 'event', label: t('moderation.scopeEvent') },
            ]}
          />
        )}
        <SelectField name="seconds" label={t('moderation.duration')} value={kind === 'ban' ? '' : String(15 * minute)} choices={durations(kind)} />
        <LongTextField name="reason" label={t('moderation.reason')} hint={t('moderation.reasonHint')} maxLength={300} rows={2} required />
        {channel && <CheckField name="delete_recent" label={t('moderation.deleteRecent')} />}
        <div class="dialog-actions">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <SubmitButton tone="danger">{t(kind === 'ban' ? 'moderation.banDo' : 'moderation.timeOutDo')}</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
