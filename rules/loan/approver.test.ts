import { expect, it } from 'vitest'
import type { Post } from '#contracts/posts.ts'
import { fen } from '#contracts/money.ts'
import { approverFor } from './approver.ts'
import { assessLoan } from './assess.ts'
import { but, example, told, xinxiang, yuan } from './loan.fixture.ts'

const plain = assessLoan(example, xinxiang)
const priceDiffers = assessLoan(
  but((f) => (f.home.filing = told({ priceFen: yuan(950_000), valid: true, buyersMatch: true }))),
  xinxiang,
)

it.each<[string, bigint, typeof plain, boolean, Post]>([
  ['500 000 is for the approver', 50_000_000n, plain, false, 'APPROVER'],
  ['a fen more is for the deputy director', 50_000_001n, plain, false, 'DEPUTY_DIRECTOR'],
  ['a price that differs goes one level up', 30_000_000n, priceDiffers, false, 'DEPUTY_DIRECTOR'],
  ['there is no level above the last but special approval', 60_000_000n, priceDiffers, false, 'DEPUTY_DIRECTOR'],
  ['special approval is the director’s whatever the amount', 1_000_000n, plain, true, 'DIRECTOR'],
])('%s', (_sentence, amount, assessment, specially, post) => {
  expect(approverFor({ amountFen: fen(amount), assessment, specially }, xinxiang)).toBe(post)
})
