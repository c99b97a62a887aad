export default {
  place: 'People',
  goTo: 'Go to the people',
  inRoom: 'People',
  view: 'View profile',
  block: 'Block',
  unblock: 'Unblock',
  blocked: '{name} can no longer write to you.',
  unblocked: '{name} can write to you again.',
} as const;
