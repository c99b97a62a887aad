export default {
  place: 'Rooms',
  new: 'new messages',
  onNow: 'on now',
} as const;
