export default {
  place: 'People',
  goTo: 'Go to the people',
  inRoom: 'People',
  view: 'View profile',
  block: 'Block',
  unblock: 'Unblock',
  blocked: '{name} can no longer message you.',
  unblocked: '{name} can message you again.',
} as const;
