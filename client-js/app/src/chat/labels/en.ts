export default {
  talk: 'Conversation',
  compose: 'Write a message',
  mentionedIn: '{name} mentioned you in {place}',
  show: 'Show',
} as const;
