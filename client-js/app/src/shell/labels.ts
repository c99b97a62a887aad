import { createLabels } from '../texts';
import en from './labels/en';

/** The frame's texts, which are loaded from the start. */
export const { t } = createLabels('shell', en);
