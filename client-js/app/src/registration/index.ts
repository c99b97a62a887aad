export { registrationOf } from './store';
