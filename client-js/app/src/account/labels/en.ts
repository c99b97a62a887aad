export default {
  place: 'Profile',
} as const;
