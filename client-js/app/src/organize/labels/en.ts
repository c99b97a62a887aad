export default {
  place: 'Organize',
  overview: 'Overview',
  rooms: 'Rooms',
  tickets: 'Tickets',
  questions: 'Questions',
  import: 'Import',
  roles: 'Roles',
  registrations: 'Registrations',
} as const;
