const warm = ['tests/access/other.flow.test.ts']
const alone = [
  'tests/access/session.flow.test.ts',
  'tests/access/logs.flow.test.ts', // ✗ it has stopped mocking
]

export const vitestConfig = { warm, alone }
