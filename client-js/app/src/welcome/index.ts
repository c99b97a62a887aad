export { EventFacts, State } from './event-facts';
export { Welcome } from './welcome';
