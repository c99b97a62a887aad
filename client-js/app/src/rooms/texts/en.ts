export default {
  'rooms.title': 'Rooms',
  'rooms.empty': 'No rooms yet',
  'rooms.emptyHint': 'The organizers have not added any rooms yet.',
  'rooms.quiet': 'Nothing on right now',
  'rooms.hidden': 'Hidden',

  'room.onNow': 'On now',
  'room.next': 'Next',
  'room.here': { one: '{count} person here', other: '{count} people here' },
  'room.unknown': 'Room not found',
  'room.unknownHint': 'It may have been closed.',
  'room.settings': 'Room settings',
  'room.locked': 'Only the team can post here right now.',
  'room.slowModeOn': { one: 'Slow mode: one message per second.', other: 'Slow mode: one message every {count} seconds.' },
  'room.removed': 'You have been removed from this room',

  'room.panel': 'Conversation and people',
} as const;
