import { signal } from '@preact/signals';

/** A short notice at the edge of the page. */
export interface Toast {
  id: number;
  text: string;
  tone: 'neutral' | 'danger';
  action?: { label: string; run: () => void };
}

export const toasts = signal<readonly Toast[]>([]);

let lastId = 0;

/** Shows a notice; it disappears by itself, later if it has an action. At most three are shown. */
export function notify(text: string, options: { tone?: Toast['tone']; action?: Toast['action'] } = {}): void {
  const toast: Toast = { id: ++lastId, text, tone: options.tone ?? 'neutral' };
  if (options.action) toast.action = options.action;
  toasts.value = [...toasts.value.slice(-2), toast];
  setTimeout(() => dismiss(toast.id), options.action ? 10_000 : 6000);
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** What screen readers are told; one announcement does not take the place of another that has not been heard yet. */
export const announcements = signal<readonly { id: number; text: string }[]>([]);

export function announce(text: string): void {
  announcements.value = [...announcements.value.slice(-4), { id: ++lastId, text }];
}
