import { createLabels } from '../texts';
import en from './labels/en';

/** Words that are there from the start: those of the manifest. */
export const { t } = createLabels('agenda', en);
