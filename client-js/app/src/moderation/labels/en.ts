export default {
  place: 'Moderation',
  team: 'Team',
  timeOut: 'Time out…',
  ban: 'Ban…',
  lock: 'Lock room',
  unlock: 'Unlock room',
  slowMode: 'Slow mode',
  slowModeOff: 'Off',
} as const;
