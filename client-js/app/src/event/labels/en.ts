export default {
  place: 'Lobby',
  goTo: 'Go to the lobby',
  announcement: 'Announcement',
  announced: 'Announcement: {text}',
  allAnnouncements: 'All {count} new',
  dismiss: 'Dismiss',
} as const;
