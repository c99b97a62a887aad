/** Texts of the organizers' and moderators' pages, in English. */
export const organizeEn = {
  'organize.title': 'Organize',
} as const;
