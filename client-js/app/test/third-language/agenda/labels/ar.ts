export default {
  place: 'البرنامج',
};
