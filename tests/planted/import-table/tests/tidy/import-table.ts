const HTTP = [
  'express',
  'helmet', // ✗
]

export const TABLE = {
  contracts: { values: ['zod'] },
  policy: { values: ['contracts/'] }, // ✗
  api: {
    values: [
      'kysely-of-somebody-else',
      'activities/loan/gather.ts',
      'activities/loan/papers.ts', // ✗
      ...HTTP,
    ],
    types: ['activities/relay.ts'],
  },
}
