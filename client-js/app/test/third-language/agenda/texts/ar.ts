export default {
  'agenda.title': 'البرنامج',
  'agenda.found': { zero: 'لا جلسات', one: 'جلسة واحدة', two: 'جلستان', few: '{count} جلسات', many: '{count} جلسة', other: '{count} جلسة' },
};
