export default {
  place: 'Rooms',
  new: 'new messages',
  onNow: 'on now',
  mentions: { one: '{count} mention of you', other: '{count} mentions of you' },
} as const;
