import { createLabels } from '../texts';
import en from './labels/en';

/** Words that are there from the start: those of the frame. */
export const { t } = createLabels('shell', en);
