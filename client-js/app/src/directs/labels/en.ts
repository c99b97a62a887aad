export default {
  place: 'Messages',
  goTo: 'Go to the messages',
  write: 'Write a message',
  writeTo: 'Write to {name}',
} as const;
