export default {
  place: 'Lobby',
  goTo: 'Go to the lobby',
} as const;
