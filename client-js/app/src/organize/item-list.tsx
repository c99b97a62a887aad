import type { ComponentChildren } from 'preact';
import { useSignal } from '@preact/signals';
import type { RestInput } from 'plenary-client/rest';
import { api } from '../hub/api';
import { notify } from '../ui/notices';
import { t } from './texts';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Empty, problemText } from '../ui/empty';
import { Form } from '../ui/form';
import { Icon, type IconName } from '../ui/icon';
import { SubmitButton } from '../ui/inputs';
import { Menu, type MenuItem } from '../ui/menu';

/** An item of a list that organizers can order. */
export interface Item {
  id: string;
  position: number;
}

/** The lists; an item's path is below its list's. */
type ListPath = '/events/{slug}/rooms' | '/events/{slug}/ticket-types' | '/events/{slug}/fields';

interface ItemListProps<T extends Item, Path extends ListPath> {
  slug: string;
  path: Path;
  items: readonly T[];
  nameOf: (item: T) => string;
  icon: IconName;
  texts: { new: string; empty: string; emptyHint: string; deleteHint: string };
  draw: (item: T) => ComponentChildren;
  /** The form's fields; undefined for a new item. */
  fields: (item: T | undefined) => ComponentChildren;
  /** The request for a new item, from the form. */
  added: (data: FormData) => RestInput<'post', Path>['body'];
  /** The request for a changed item. */
  changed: (data: FormData) => RestInput<'patch', `${Path}/{id}`>['body'];
  reload: () => Promise<void>;
}

const failed = (problem: unknown): void => notify(problemText(problem), { tone: 'danger' });

/** An editable, ordered list: of rooms, tickets or questions. */
export function ItemList<T extends Item, Path extends ListPath>({ slug, path, items, nameOf, icon, texts, draw, fields, added, changed, reload }: ItemListProps<T, Path>) {
  const editing = useSignal<T | 'new' | undefined>(undefined);
  const deleting = useSignal<T | undefined>(undefined);
  const list: ListPath = path;
  const change = (item: T, body: RestInput<'patch', `${ListPath}/{id}`>['body']) => api.patch(`${list}/{id}`, { slug, id: item.id, body });
  const ordered = items.toSorted((a, b) => a.position - b.position);

  /** Renumbers the whole list, as positions may have gaps and duplicates. */
  const move = async (from: number, by: number): Promise<void> => {
    const next = [...ordered];
    const [moved] = next.splice(from, 1);
    next.splice(from + by, 0, moved!);
    try {
      for (const [position, item] of next.entries()) if (item.position !== position) await change(item, { position });
    } catch (problem) {
      failed(problem);
    }
    await reload().catch(failed);
  };
  const actions = (item: T, place: number): MenuItem[] => [
    { label: t('list.edit', { name: nameOf(item) }), icon: 'edit', run: () => (editing.value = item) },
    ...(place > 0 ? [{ label: t('list.moveUp'), run: () => void move(place, -1) }] : []),
    ...(place < ordered.length - 1 ? [{ label: t('list.moveDown'), run: () => void move(place, 1) }] : []),
    { label: t('list.delete'), icon: 'trash', danger: true, apart: true, run: () => (deleting.value = item) },
  ];

  const edited = editing.value;
  const item = edited === 'new' ? undefined : edited;
  const add = (
    <Button tone="primary" icon="plus" onClick={() => (editing.value = 'new')}>
      {texts.new}
    </Button>
  );
  return (
    <>
      {ordered.length ? (
        <div class="stack">
          <p>{add}</p>
          <ul class="card item-list">
            {ordered.map((entry, place) => (
              <li key={entry.id} class="item">
                <div class="item-text">{draw(entry)}</div>
                <Menu label={t('list.actions', { name: nameOf(entry) })} items={() => actions(entry, place)}>
                  <Icon name="more" />
                </Menu>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <div class="card">
          <Empty icon={icon} title={texts.empty} hint={texts.emptyHint}>
            {add}
          </Empty>
        </div>
      )}
      {edited && (
        <Dialog title={item ? t('list.edit', { name: nameOf(item) }) : texts.new} onClose={() => (editing.value = undefined)}>
          <Form
            onSubmit={async (data) => {
              await (item ? change(item, changed(data)) : api.post(list, { slug, body: added(data) } as RestInput<'post', ListPath>));
              await reload();
              editing.value = undefined;
            }}
          >
            {fields(item)}
            <div class="dialog-actions">
              <Button onClick={() => (editing.value = undefined)}>{t('action.cancel')}</Button>
              <SubmitButton>{item ? t('action.save') : t('list.add')}</SubmitButton>
            </div>
          </Form>
        </Dialog>
      )}
      {deleting.value && (
        <Dialog title={t('list.deleteTitle', { name: nameOf(deleting.value) })} onClose={() => (deleting.value = undefined)}>
          <p>{texts.deleteHint}</p>
          <Form
            onSubmit={async () => {
              await api.delete(`${list}/{id}`, { slug, id: deleting.value!.id });
              await reload();
              deleting.value = undefined;
            }}
          >
            <div class="dialog-actions">
              <Button onClick={() => (deleting.value = undefined)}>{t('action.cancel')}</Button>
              <SubmitButton tone="danger">{t('list.deleteNow')}</SubmitButton>
            </div>
          </Form>
        </Dialog>
      )}
    </>
  );
}
