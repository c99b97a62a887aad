import { useLayoutEffect, useRef } from 'preact/hooks';
import { isRightToLeft, lineKeys } from '../lib/direction';
import { Icon } from './icon';
import type { MenuItem, MenuLayout } from './menu-item';
import './styles/menu.css';

/** An anchor wider than this is a text, not an icon; in pixels. */
const widestIcon = 48;

/** The position of a menu of that size within the window: below or above its anchor, aligned with the end of an icon or the start of a text. */
export function menuPosition(
  anchor: { left: number; right: number; top: number; bottom: number },
  menu: { width: number; height: number },
  view: { width: number; height: number },
  rightToLeft = false,
): { left: number; top: number } {
  const gap = 4;
  const below = anchor.bottom + gap;
  const above = anchor.top - gap - menu.height;
  const top = below + menu.height <= view.height - gap || above < gap ? below : above;
  const isWord = anchor.right - anchor.left > widestIcon;
  const wanted = isWord !== rightToLeft ? anchor.left : anchor.right - menu.width;
  const left = Math.min(wanted, view.width - menu.width - gap);
  return { left: Math.max(gap, left), top: Math.max(gap, Math.min(top, view.height - menu.height - gap)) };
}

/** Whether a button is no longer in the part of the scroller that is on the screen. */
function isScrolledAway(button: Element, scroller: Element): boolean {
  const { top, bottom } = button.getBoundingClientRect();
  const frame = scroller.getBoundingClientRect();
  return bottom < Math.max(0, frame.top) || top > Math.min(innerHeight, frame.bottom);
}

const gridColumns = 6;

export interface MenuListProps {
  id: string;
  label: string;
  items: readonly MenuItem[];
  anchor: () => HTMLElement | null;
  /** `refocus`: return the focus to the button. */
  onClose: (refocus: boolean) => void;
  layout: MenuLayout;
}

/** The open menu. */
export function MenuList({ id, label, items, anchor, onClose, layout }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  const entries = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];

  useLayoutEffect(() => {
    const menu = list.current;
    const button = anchor();
    if (!menu || !button) return;
    const place = (): void => {
      const size = { width: menu.offsetWidth, height: menu.offsetHeight };
      const { left, top } = menuPosition(button.getBoundingClientRect(), size, { width: innerWidth, height: innerHeight }, isRightToLeft());
      menu.style.left = `${left}px`;
      menu.style.top = `${top}px`;
    };
    menu.showPopover();
    place();
    entries()[0]?.focus({ preventScroll: true });
    const outside = (event: Event): void => {
      const target = event.target as Node;
      if (!menu.contains(target) && !button.contains(target)) onClose(false);
    };
    // What scrolls by itself, such as a log that follows the newest message, closes nothing; the menu goes where its
    // button goes, until the button is scrolled out of view.
    const scrolled = ({ target }: Event): void => {
      if (!(target as Node).contains(button)) return;
      if (isScrolledAway(button, target instanceof Element ? target : document.documentElement)) onClose(false);
      else place();
    };
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('scroll', scrolled, true);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('scroll', scrolled, true);
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const line = layout === 'grid' ? gridColumns : 1;
    const go: Record<string, number> = { ArrowDown: at + line, ArrowUp: at - line, Home: 0, End: all.length - 1 };
    const { next, previous } = lineKeys();
    if (layout === 'grid') Object.assign(go, { [next]: at + 1, [previous]: at - 1 });
    const wanted = go[event.key];
    if (wanted !== undefined) all.at(wanted % all.length)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') onClose(true);
    else if (event.key.length === 1 && /\S/.test(event.key)) {
      const typed = event.key.toLowerCase();
      [...all.slice(at + 1), ...all].find((entry) => entry.textContent?.trim().toLowerCase().startsWith(typed))?.focus();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div ref={list} id={id} class="menu" data-layout={layout} role="menu" aria-label={label} popover="manual" onKeyDown={onKeyDown}>
      {items.map((item, position) => (
        <button
          type="button"
          key={position}
          role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'}
          aria-checked={item.checked}
          tabIndex={-1}
          class="menu-item"
          data-danger={item.danger || undefined}
          data-apart={item.apart || undefined}
          onClick={() => {
            onClose(true);
            item.run();
          }}
        >
          {item.checked === undefined ? item.icon && <Icon name={item.icon} /> : <span class="menu-check">{item.checked && <Icon name="check" />}</span>}
          <span>{item.label}</span>
        </button>
      ))}
    </div>
  );
}
