import { expect, test } from 'vitest'
import { buyersApply, type FiledBuyers } from './buyers-apply.ts'

const nobody: FiledBuyers = { borrower: false, spouse: false, coBorrowers: 0, minorChildren: 0, others: 0 }

test.each<[string, Partial<FiledBuyers>, boolean]>([
  ['the borrower alone', { borrower: true }, true],
  ['the spouse alone', { spouse: true }, true],
  ['the couple with a co-borrower', { borrower: true, spouse: true, coBorrowers: 1 }, true],
  ['a parent with minor children', { borrower: true, minorChildren: 2 }, true],
  ['a minor child alone', { minorChildren: 1 }, false],
  ['a co-borrower alone', { coBorrowers: 1 }, false],
  ['a child and a co-borrower without a parent', { coBorrowers: 1, minorChildren: 1 }, false],
  ['the borrower with a stranger', { borrower: true, others: 1 }, false],
  ['nobody', {}, false],
])('%s', (_who, buyers, expected) => expect(buyersApply({ ...nobody, ...buyers })).toBe(expected))
