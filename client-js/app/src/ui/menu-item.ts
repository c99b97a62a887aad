import type { IconName } from './icon';

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  /** A line above this item: another kind of action begins. */
  apart?: boolean;
  /** Chosen or not, for items that switch something. */
  checked?: boolean;
  run: () => void;
}

/** A list with words, or a grid of single signs. */
export type MenuLayout = 'list' | 'grid';
