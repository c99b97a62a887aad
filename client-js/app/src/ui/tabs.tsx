import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { lineKeys } from '../lib/direction';

interface TabsProps<T extends string> {
  label: string;
  value: T;
  tabs: readonly { value: T; label: string; count?: string }[];
  onChange: (value: T) => void;
  /** The panel of the chosen tab. */
  children: ComponentChildren;
}

/** Tabs within a page: arrow keys select, Tab moves into the panel. */
export function Tabs<T extends string>({ label, value, tabs, onChange, children }: TabsProps<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const { next, previous } = lineKeys();
    const go: Record<string, number> = { [next]: at + 1, [previous]: at - 1, Home: 0, End: -1 };
    const wanted = go[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const place = ((wanted % tabs.length) + tabs.length) % tabs.length;
    onChange(tabs[place]!.value);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[place]?.focus();
  };
  return (
    <>
      <div ref={list} class="tabs gives-way" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            type="button"
            key={tab.value}
            role="tab"
            id={`${id}-${tab.value}`}
            class="tab"
            aria-selected={tab.value === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.value === value ? 0 : -1}
            onClick={() => onChange(tab.value)}
          >
            {tab.label}
            {tab.count && <span class="badge">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div class="tab-panel" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}
