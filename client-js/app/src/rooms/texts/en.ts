export default {
  'rooms.title': 'Rooms',
  'rooms.empty': 'No rooms yet',
  'rooms.emptyHint': 'The organizers have not opened a room yet.',
  'rooms.quiet': 'Nothing on right now',
  'rooms.hidden': 'Hidden',

  'room.onNow': 'On now',
  'room.next': 'Next',
  'room.here': { one: '{count} person here', other: '{count} people here' },
  'room.unknown': 'This room does not exist',
  'room.unknownHint': 'It may have been closed or renamed.',
  'room.settings': 'Room settings',
  'room.locked': 'Only the team can write here at the moment.',
  'room.slowModeOn': { one: 'Slow mode: one message per second.', other: 'Slow mode: one message every {count} seconds.' },
  'room.removed': 'You have been removed from this room',

  'room.panel': 'Conversation and people',
} as const;
