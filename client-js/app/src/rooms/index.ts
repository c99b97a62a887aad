export { roomsOf } from './store';
