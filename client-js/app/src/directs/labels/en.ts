export default {
  place: 'Messages',
  goTo: 'Go to messages',
  write: 'Write a message',
  writeTo: 'Write to {name}',
} as const;
