import type { ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icon';

type Tone = 'primary' | 'secondary' | 'quiet' | 'danger';

interface Look {
  tone?: Tone;
  small?: boolean;
  icon?: IconName;
  children?: ComponentChildren;
}

interface ButtonAttributes {
  class?: string;
  type?: 'button' | 'submit';
  disabled?: boolean;
  form?: string;
  tabIndex?: number;
  onClick?: (event: MouseEvent) => void;
  ref?: Ref<HTMLButtonElement>;
  'aria-label'?: string;
  'aria-pressed'?: boolean;
  'aria-expanded'?: boolean;
  'aria-controls'?: string;
  'aria-describedby'?: string;
  'aria-current'?: 'true' | undefined;
}

type ButtonProps = Look & ButtonAttributes & { busy?: boolean };

/** While busy it keeps its place and its focus, and does nothing. */
export function Button({ tone = 'secondary', small, icon, busy, children, class: extra, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${extra ?? ''}`}
      data-tone={tone}
      data-small={small || undefined}
      data-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {icon && <Icon name={icon} />}
      {children && <span class="button-text">{children}</span>}
    </button>
  );
}

interface LinkProps extends Look {
  href: string;
  class?: string;
  target?: string;
  rel?: string;
  download?: string;
  'aria-label'?: string;
  'aria-current'?: 'page' | undefined;
  onClick?: () => void;
}

/** A link that looks like a button: it goes somewhere instead of doing something. */
export function ButtonLink({ tone = 'secondary', small, icon, children, class: extra, ...rest }: LinkProps) {
  return (
    <a {...rest} class={`button ${extra ?? ''}`} data-tone={tone} data-small={small || undefined}>
      {icon && <Icon name={icon} />}
      <span class="button-text">{children}</span>
    </a>
  );
}

type IconButtonProps = { label: string; icon: IconName; filled?: boolean; small?: boolean } & ButtonAttributes;

/** A button with only an icon; its name is read aloud, and shown on hover. */
export function IconButton({ label, icon, filled, small, class: extra, ...rest }: IconButtonProps) {
  return (
    <button type="button" {...rest} class={`icon-button ${extra ?? ''}`} data-small={small || undefined} aria-label={label} title={label}>
      <Icon name={icon} filled={filled ?? false} />
    </button>
  );
}
