import { createTexts } from '../texts';

export const { t } = createTexts<typeof import('./texts/en').default>(import.meta.glob('./texts/*.ts'));
