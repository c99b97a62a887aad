export default {
  guest: 'You are looking around as a guest.',
  register: 'Register to take part',
} as const;
