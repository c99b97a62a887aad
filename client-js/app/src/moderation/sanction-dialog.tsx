import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import type { Sanction } from 'plenary-client';
import { roomsOf } from '../rooms';
import { live } from '../hub/live';
import { moderates } from '../hub/rights';
import { notify } from '../ui/notices';
import { t } from './texts';
import type { SanctionDialogProps } from './slots';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { problemText } from '../ui/empty';
import { Form } from '../ui/form';
import { CheckField, LongTextField, SelectField, SubmitButton } from '../ui/inputs';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
/** How many messages the hub restores at once. */
const atOnce = 500;

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

  /** Imposed already: when only the deletion fails, it is not imposed again. */
  const imposed = useRef<Sanction | undefined>(undefined);
  const onlyDeletionFailed = useSignal(false);
  const deleted = useRef<number[]>([]);
  const { moderation } = current.client;

  const impose = (data: FormData, reason: string): Promise<Sanction> => {
    const seconds = Number(data.get('seconds')) || undefined;
    const order = { person: person.id, reason, ...(room && data.get('scope') !== 'event' ? { room } : {}) };
    return kind === 'ban' ? moderation.ban({ ...order, ...(seconds ? { seconds } : {}) }) : moderation.timeOut({ ...order, seconds: seconds ?? 5 * minute });
  };
  /** All of them: the hub deletes some hundreds at once. */
  const deleteRecent = async (channel: string, reason: string): Promise<void> => {
    for (let more = true; more; ) {
      const answer = await moderation.deleteRecent({ channel, person: person.id, minutes: 60, reason });
      deleted.current.push(...answer.messages);
      more = answer.more && answer.deleted > 0;
    }
  };
  const submit = async (data: FormData): Promise<void> => {
    const reason = imposed.current?.reason ?? String(data.get('reason')).trim();
    const sanction = (imposed.current ??= await impose(data, reason));
    try {
      if (channel && data.has('delete_recent')) await deleteRecent(channel, reason);
    } catch (problem) {
      onlyDeletionFailed.value = true;
      throw problem;
    }
    const undo = async (): Promise<void> => {
      await moderation.lift(sanction.id);
      for (let from = 0; channel && from < deleted.current.length; from += atOnce) await moderation.restore(channel, deleted.current.slice(from, from + atOnce));
      notify(t('moderation.lifted'));
    };
    const done = t(kind === 'ban' ? 'moderation.banned' : 'moderation.timedOut', { name });
    const count = deleted.current.length;
    notify(count ? `${done} ${t('moderation.deletedCount', { count })}` : done, {
      action: { label: t('action.undo'), run: () => void undo().catch((problem: unknown) => notify(problemText(problem), { tone: 'danger' })) },
    });
    onClose();
  };

  return (
    <Dialog title={t(kind === 'ban' ? 'moderation.banTitle' : 'moderation.timeOutTitle', { name })} onClose={onClose}>
      {onlyDeletionFailed.value ? (
        <p role="status">
          {t(kind === 'ban' ? 'moderation.banned' : 'moderation.timedOut', { name })} {t('moderation.notDeleted')}
        </p>
      ) : (
        <p class="soft">{t(kind === 'ban' ? 'moderation.banHint' : 'moderation.timeOutHint')}</p>
      )}
      <Form onSubmit={submit}>
        {room && roomName && everywhere && !onlyDeletionFailed.value && (
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
        {!onlyDeletionFailed.value && (
          <>
            <SelectField name="seconds" label={t('moderation.duration')} value={kind === 'ban' ? '' : String(15 * minute)} choices={durations(kind)} />
            <LongTextField name="reason" label={t('moderation.reason')} hint={t('moderation.reasonHint')} maxLength={300} rows={2} required />
          </>
        )}
        {channel && <CheckField name="delete_recent" label={t('moderation.deleteRecent')} />}
        <div class="dialog-actions">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <SubmitButton tone="danger">{t(onlyDeletionFailed.value ? 'moderation.deleteDo' : kind === 'ban' ? 'moderation.banDo' : 'moderation.timeOutDo')}</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
