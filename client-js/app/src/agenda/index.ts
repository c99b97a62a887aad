export { comingUp, dayOf, onNow, progress } from './arrange';
export { Progress, speakerNames, TimeLeft, TrackTag } from './parts';
export { StarButton } from './star-button';
export { agendaOf, starsOf } from './store';
export { ZoneSwitch } from './zone-switch';
