import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import type { ClaimedPayment } from '#contracts/findings.ts'
import { fen } from '#contracts/money.ts'
import { bankDayObstacles, mayDecideFinding, mayFollowBank } from './bank-was-right.ts'

const [ordered, booked, today] = [plainDate('2025-11-03'), plainDate('2025-11-04'), plainDate('2025-11-06')]
const paid: ClaimedPayment = {
  claim: 'PAID',
  paymentNo: 1,
  amountFen: fen(40_000_000n),
  state: 'FAILED',
  orderedOn: ordered,
  bookedOn: null,
  reversed: false,
  others: [],
  stage: 'PAY_FAILED',
  approvedFen: fen(40_000_000n),
  loan: null,
}
const whole = { principalFen: fen(40_000_000n), balanceFen: fen(40_000_000n), state: 'NORMAL' }
const returned: ClaimedPayment = { ...paid, claim: 'RETURNED', state: 'SUCCEEDED', bookedOn: booked, stage: 'DISBURSED', loan: whole }
const texts = (payment: ClaimedPayment): string =>
  mayFollowBank(payment)
    .map(({ text }) => text)
    .join('；')

test.each<[string, ClaimedPayment, RegExp | null]>([
  ['a payment that failed here and went out there is booked after all', paid, null],
  ['also when its case has gone on to be paid again, and was not', { ...paid, stage: 'RELEASE_REQUESTED' }, null],
  ['also while it waits for a second person', { ...paid, stage: 'PAY_DISPUTED' }, null],
  ['not beside another that went out', { ...paid, others: [{ paymentNo: 2, settled: true }] }, /第2笔划款已经成功.*重复付款/],
  ['not beside another that is on its way', { ...paid, others: [{ paymentNo: 2, settled: false }] }, /第2笔划款尚在途中.*重复付款/],
  ['not what was reversed before', { ...paid, reversed: true }, /红字冲销/],
  ['not on a case that has ended', { ...paid, stage: 'VOID' }, /已在“已作废”环节.*追回/],
  ['not on one that is being approved anew', { ...paid, stage: 'APPROVAL' }, /已在“审批”环节/],
  ['not for another amount than is approved now', { ...paid, approvedFen: fen(30_000_000n) }, /批准金额已变更.*400,000\.00/],
  ['not twice', { ...paid, state: 'SUCCEEDED' }, /已与银行所称一致/],
  ['money that came back is taken off the books', returned, null],
  ['not when something was repaid since', { ...returned, loan: { ...whole, balanceFen: fen(39_000_000n) } }, /已有还款/],
  ['not when the loan is overdue', { ...returned, loan: { ...whole, state: 'OVERDUE' } }, /已有还款或者变动/],
  ['not on a case that is not paid out', { ...returned, stage: 'PAY_FAILED' }, /没有可以冲销的放款/],
  ['nor twice', { ...returned, state: 'FAILED' }, /已与银行所称一致/],
])('%s', (_sentence, payment, words) => {
  if (words === null) expect(texts(payment)).toBe('')
  else expect(texts(payment)).toMatch(words)
})

test.each([
  ['the day before the order', paid, '2025-11-02', 1],
  ['the day of the order', paid, '2025-11-03', 0],
  ['today', paid, '2025-11-06', 0],
  ['tomorrow', paid, '2025-11-07', 1],
  ['back on the day before it went out', returned, '2025-11-03', 1],
  ['back on the day on which it went out', returned, '2025-11-04', 0],
])('the bank’s day: %s', (_when, payment, day, obstacles) => {
  expect(bankDayObstacles(payment, plainDate(day), today)).toHaveLength(obstacles)
})

test('a finding is decided upon by somebody else, whether confirmed or denied, and as what it is', () => {
  const finding = { foundBy: ['finder', 'principal'], payment: paid }
  expect(mayDecideFinding('PAID', true, finding, ['other'])).toEqual([])
  expect(mayDecideFinding('PAID', true, finding, ['other', 'finder'])).toMatchObject([{ code: 'FOUR_EYES' }])
  expect(mayDecideFinding('PAID', true, finding, ['principal'])).toMatchObject([{ code: 'FOUR_EYES' }])
  expect(mayDecideFinding('PAID', false, finding, ['finder'])).toMatchObject([{ code: 'FOUR_EYES' }])
  expect(mayDecideFinding('RETURNED', true, finding, ['other'])).toMatchObject([{ code: 'CONFLICT' }])
  expect(mayDecideFinding('PAID', true, undefined, ['other'])).toMatchObject([{ code: 'CONFLICT' }])
})

test('what may no longer be followed may still be denied', () => {
  const double = { foundBy: ['finder'], payment: { ...paid, others: [{ paymentNo: 2, settled: true }] } }
  expect(mayDecideFinding('PAID', true, double, ['other'])).toMatchObject([{ code: 'RULES_REFUSE' }])
  expect(mayDecideFinding('PAID', false, double, ['other'])).toEqual([])
})
