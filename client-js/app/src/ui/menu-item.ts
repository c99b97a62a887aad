import type { IconName } from './icon';

export interface MenuItem {
  label: string;
  icon?: IconName;
  danger?: boolean;
  /** With a separator above this item: another kind of action begins. */
  apart?: boolean;
  /** Checked or not, for items that toggle something. */
  checked?: boolean;
  run: () => void;
}

/** A list of texts, or a grid of single symbols. */
export type MenuLayout = 'list' | 'grid';
