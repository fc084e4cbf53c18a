import { expect, test } from 'vitest'
import { amountPlace } from './amount-place.ts'

const COLUMNS = ['caseNumber', 'applicant', 'kind', 'amountFen', 'stageLabel', 'orgName']
const place = (ranks: readonly number[], hidden: readonly string[]) => amountPlace(COLUMNS, 'amountFen', ranks, hidden)

test.each([
  ['原样', [], [], { before: 3, after: 2 }],
  ['前后各隐藏一列', [], ['kind', 'orgName'], { before: 2, after: 1 }],
  ['金额移到最前', [3, 0, 1, 2, 4, 5], [], { before: 0, after: 5 }],
  ['金额移到最后', [0, 1, 2, 4, 5, 3], ['kind'], { before: 4, after: 0 }],
  ['次序只记到一半', [1, 0], [], { before: 3, after: 2 }],
  ['金额隐藏', [], ['amountFen', 'kind'], { before: undefined, after: 4 }],
] as const)('%s', (_, ranks, hidden, expected) => expect(place(ranks, hidden)).toEqual(expected))
