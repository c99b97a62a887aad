export { Conversation } from './conversation';
export { MessageText } from './message-text';
