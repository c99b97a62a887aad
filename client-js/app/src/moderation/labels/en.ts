export default {
  place: 'Moderation',
  team: 'Team',
  timeOut: 'Time out …',
  ban: 'Ban …',
  lock: 'Lock the room',
  unlock: 'Unlock the room',
  slowMode: 'Slow mode',
  slowModeOff: 'Off',
} as const;
