import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { signal, useSignal } from '@preact/signals';
import { complain, fetchCode } from './fetch-code';
import type { MenuItem, MenuLayout } from './menu-item';
import type { MenuList } from './menu-list';

export type { MenuItem } from './menu-item';

interface MenuProps {
  label: string;
  /** Computed when it is opened. */
  items: () => readonly MenuItem[] | Promise<readonly MenuItem[]>;
  children: ComponentChildren;
  class?: string;
  tabIndex?: number;
  layout?: MenuLayout;
}

/** The code of an open menu: fetched when the first one is about to be opened. */
const list = signal<typeof MenuList | undefined>(undefined);
const fetchList = async (): Promise<void> => {
  list.value ??= (await import('./menu-list')).MenuList;
};
const fetchAhead = (): void => void fetchList().catch(() => undefined);

/** A button with a menu: arrow keys, first letters, Home, End; Escape and Tab close it and return the focus. */
export function Menu({ label, items, children, class: extra, tabIndex, layout = 'list' }: MenuProps) {
  const open = useSignal(false);
  const shown = useSignal<readonly MenuItem[] | undefined>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const List = list.value;
  const close = (): void => {
    open.value = false;
    shown.value = undefined;
  };
  const show = (): void => {
    open.value = true;
    fetchCode(() => Promise.all([items(), fetchList()])).then(
      ([got]) => {
        if (open.value) shown.value = got;
      },
      (problem) => {
        open.value = false;
        complain(problem);
      },
    );
  };
  // A menu closes with its button, for example when its message is scrolled away.
  useEffect(() => () => void (open.value = false), []);
  return (
    <>
      <button
        ref={button}
        type="button"
        class={extra ?? 'icon-button'}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open.value}
        aria-controls={open.value ? id : undefined}
        {...(tabIndex === undefined ? {} : { tabIndex })}
        onPointerEnter={fetchAhead}
        onFocus={fetchAhead}
        onClick={() => (open.value ? close() : show())}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          show();
        }}
      >
        {children}
      </button>
      {open.value && List && shown.value && (
        <List
          id={id}
          label={label}
          layout={layout}
          items={shown.value}
          anchor={() => button.current}
          onClose={(refocus) => {
            close();
            if (refocus) button.current?.focus();
          }}
        />
      )}
    </>
  );
}
