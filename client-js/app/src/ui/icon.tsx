/** Line drawings on a 24 × 24 grid; they take the colour of the text around them. */
const drawings = {
  lobby: 'M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5',
  agenda: 'M5 6.5h14v13H5zM5 10.5h14M9 4v4M15 4v4',
  room: 'M5 18.5a7 7 0 0 1 14 0M12 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5M3 18.5h18',
  message: 'M4.5 6h15v10.5H11L6.5 20v-3.5h-2z',
  people: 'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6M3.5 19a5.5 5.5 0 0 1 11 0M16 11.5a2.5 2.5 0 1 0-1-4.8M17 14.2a5 5 0 0 1 3.5 4.8',
  person: 'M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20a7 7 0 0 1 14 0',
  organize: 'M5 7h9M18 7h1M5 12h2M11 12h8M5 17h8M17 17h2M16 5v4M9 10v4M15 15v4',
  shield: 'M12 4l7 2.5v5c0 4-2.8 7-7 8.5-4.2-1.5-7-4.5-7-8.5v-5z',
  star: 'M12 4.5l2.3 4.8 5.2.7-3.8 3.6.9 5.2-4.6-2.5-4.6 2.5.9-5.2L4.5 10l5.2-.7z',
  search: 'M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M16 16l4 4',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  back: 'M14.5 6l-6 6 6 6',
  down: 'M6 9.5l6 6 6-6',
  arrowDown: 'M12 5v14M6 13l6 6 6-6',
  send: 'M5 12h13M12.5 6l6 6-6 6',
  reply: 'M9.5 6.5L4.5 11.5l5 5M5 11.5h9a5 5 0 0 1 5 5v1.5',
  smile: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M9 10h.01M15 10h.01M8.8 14a4 4 0 0 0 6.4 0',
  pin: 'M9 4.5h6l-.7 6 3.2 3v1.5h-11v-1.5l3.2-3zM12 15v5',
  edit: 'M5 19l1-4L15.5 5.5l3 3L9 18zM13.5 7.5l3 3',
  trash: 'M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v6M13.5 10.5v6',
  undo: 'M8.5 5.5L4.5 9.5l4 4M5 9.5h9a5 5 0 0 1 0 10h-4',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M12 8v4.5l3 2',
  lock: 'M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3',
  ban: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M6.5 6.5l11 11',
  megaphone: 'M5 10v4h3l8 4V6L8 10zM8 14l1.5 5M19 10.5v3',
  copy: 'M9 9h10v10.5H9zM6 15H5V4.5h10V6',
  plus: 'M12 5v14M5 12h14',
  upload: 'M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19h14',
  settings: 'M5 8h8M17 8h2M15 6v4M5 16h2M11 16h8M9 14v4',
  warning: 'M12 5l8 14H4zM12 10.5v4M12 17h.01',
  info: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M12 11v5M12 8h.01',
  globe: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M4 12h16M12 4c2.5 2.5 3.5 5 3.5 8s-1 5.5-3.5 8c-2.5-2.5-3.5-5-3.5-8s1-5.5 3.5-8',
  keyboard: 'M4 7h16v10.5H4zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8.5 14h7',
  ticket: 'M4 8h16v3a1.5 1.5 0 0 0 0 3v3H4v-3a1.5 1.5 0 0 0 0-3zM14.5 8v9',
  screen: 'M4 5.5h16v10.5H4zM9 19.5h6M12 16v3.5',
  leave: 'M13 5H5.5v14H13M10.5 12H20M16.5 8.5L20 12l-3.5 3.5',
} as const;

/** One of the drawings, or a capability's own: a path on the same grid. */
export type IconName = keyof typeof drawings | `M${string}`;

/** These point in the reading direction: they are mirrored in right-to-left languages. */
const pointing: ReadonlySet<IconName> = new Set<IconName>(['back', 'send', 'reply', 'undo', 'leave']);

const drawingOf = (name: IconName): string => (name in drawings ? drawings[name as keyof typeof drawings] : name);

/** An icon beside a text or in a labelled button; always hidden from screen readers. */
export function Icon({ name, filled = false }: { name: IconName; filled?: boolean }) {
  return (
    <svg
      class="icon"
      data-icon={name}
      data-filled={filled || undefined}
      data-points={pointing.has(name) || undefined}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      <path d={drawingOf(name)} />
    </svg>
  );
}
