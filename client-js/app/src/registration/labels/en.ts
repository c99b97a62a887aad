export default {
  guest: 'You are browsing as a guest.',
  register: 'Register to take part',
} as const;
