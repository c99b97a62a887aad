export default {
  'coffee.title': 'Coffee break',
  'coffee.brew': 'Put the kettle on',
  'coffee.brewing': 'The kettle is on',
  'coffee.room': 'Coffee in {room}',
  'coffee.with': 'A coffee with {name}',
  'coffee.budget': 'Coffee budget',
} as const;
