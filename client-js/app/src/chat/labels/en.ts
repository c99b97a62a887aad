export default {
  talk: 'Conversation',
  compose: 'Write a message',
} as const;
