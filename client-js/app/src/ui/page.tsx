import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { headingWantsFocus } from '../lib/router';
import { t } from '../texts';
import { pageTitle } from './title';

interface HeadingProps {
  children: ComponentChildren;
  /** Title of the browser's tab. */
  title: string;
  event?: string | undefined;
  class?: string;
}

/** The page's h1. It takes the focus after a change of route, so that screen readers start there. */
export function PageHeading({ children, title, event, class: extra }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const name = event ?? t('app.name');
  useEffect(() => {
    pageTitle.value = title === name ? title : t('app.title', { page: title, event: name });
  }, [title, name]);
  useLayoutEffect(() => {
    if (!headingWantsFocus.value) return;
    headingWantsFocus.value = false;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1} class={`page-heading ${extra ?? ''}`}>
      {children}
    </h1>
  );
}
