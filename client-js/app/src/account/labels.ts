import { createLabels } from '../texts';
import en from './labels/en';

/** The manifest's texts, which are loaded from the start. */
export const { t } = createLabels('account', en);
