/** Only some of the texts: what is missing is said in English. */
export default {
  'language.direction': 'rtl',
  'action.close': 'إغلاق',
  'action.search': 'بحث',
  'unread.count': { one: 'رسالة غير مقروءة', two: 'رسالتان غير مقروءتين', few: '{count} رسائل غير مقروءة', many: '{count} رسالة غير مقروءة', other: '{count} رسالة غير مقروءة' },
};
