export default {
  place: 'Agenda',
  goTo: 'Go to the agenda',
} as const;
