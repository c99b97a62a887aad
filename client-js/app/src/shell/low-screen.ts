/** Below this height, in pixels, a screen is low: every phone is while its keyboard is open. */
const low = 640;

/** What iOS covers with its keyboard is at least this high, in pixels. */
const keyboard = 100;

/** Milliseconds for which what gave way stays away when writing ends: what the finger aims at must not move under it. */
const grace = 250;

/**
 * Tells the styles when somebody writes on a low screen (`data-writing`), where all but what is read and written gives
 * way, and how much of it there is (`--screen`): iOS lays its keyboard over the page instead of making the page lower.
 */
export function followKeyboard(): void {
  const { documentElement: root } = document;
  const view = visualViewport!;
  // Enlarged with two fingers, a page shows less of itself, but it is not lower.
  const height = (): number => view.height * view.scale;
  const look = (): void => {
    const field = document.activeElement?.matches('.writing *, .input:not(select)');
    root.toggleAttribute('data-writing', Boolean(field) && height() < low);
  };
  view.addEventListener('resize', () => {
    const covered = height() < root.clientHeight - keyboard;
    root.style.setProperty('--screen', covered ? `${height()}px` : '100dvh');
    look();
    // Before the page became lower, iOS has moved it up to show the field.
    if (covered && root.querySelector('.fills')) scrollTo(0, 0);
  });
  document.addEventListener('focusin', look);
  // A field that is taken away tells nobody that it has lost the focus.
  document.addEventListener('click', look);
  document.addEventListener('focusout', () => setTimeout(look, grace));
}
