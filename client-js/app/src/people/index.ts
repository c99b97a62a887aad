export { BadgeTag, PersonName } from './person-name';
export { PersonPicker } from './person-picker';
