import { describe, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import { judgeBankWord, oneWord, type BankWord, type RecordedPayment } from './bank-word.ts'

const paid: BankWord = { state: 'SUCCEEDED', amountFen: fen(40_000_000n), bankReference: 'B-1', bookedOn: plainDate('2025-11-04') }
const failed: BankWord = { state: 'FAILED', amountFen: fen(40_000_000n), failure: 'ACCOUNT_CLOSED' }
const payment = (state: RecordedPayment['state'], failure: string | null = null): RecordedPayment => ({
  amountFen: fen(40_000_000n),
  state,
  failure,
  orderedOn: plainDate('2025-11-03'),
})

const today = plainDate('2025-11-05')
const bookedOn = (day: string): BankWord => ({ ...paid, bookedOn: plainDate(day) })

describe('the bank’s word about a payment', () => {
  test.each<[string, BankWord, RecordedPayment | undefined, string, RegExp]>([
    ['settles one whose result is unknown', paid, payment('UNKNOWN'), 'SETTLES', /核定为划款成功，银行流水 B-1/],
    ['settles one the bank has accepted', failed, payment('ACCEPTED'), 'SETTLES', /核定为划款失败：收款账户已销户/],
    ['says nothing new of one settled alike', paid, payment('SUCCEEDED'), 'AGREES', /一致，无须处理/],
    [
      'of another amount settles nothing',
      { ...paid, amountFen: fen(40_000_001n) },
      payment('UNKNOWN'),
      'WRONG_AMOUNT',
      /银行所载400,000\.01元，本笔划款400,000\.00元/,
    ],
    ['of another amount is no agreement either', { ...paid, amountFen: fen(1n) }, payment('SUCCEEDED'), 'WRONG_AMOUNT', /金额不符/],
    ['cannot turn what has succeeded', failed, payment('SUCCEEDED'), 'CONTRADICTS', /已核定为划款成功，银行又称划款失败：收款账户已销户/],
    [
      'cannot turn what has failed',
      paid,
      payment('FAILED', 'NAME_MISMATCH'),
      'CONTRADICTS',
      /已核定为划款失败（户名与账号不符），银行又称划款成功/,
    ],
    ['booked on the day of the order is believed', bookedOn('2025-11-03'), payment('UNKNOWN'), 'SETTLES', /核定为划款成功/],
    ['booked today is believed', bookedOn('2025-11-05'), payment('UNKNOWN'), 'SETTLES', /核定为划款成功/],
    [
      'booked before the order is not',
      bookedOn('2025-11-02'),
      payment('UNKNOWN'),
      'WRONG_DAY',
      /入账日2025-11-02早于划款指令之日（2025-11-03）/,
    ],
    ['booked tomorrow is not', bookedOn('2025-11-06'), payment('UNKNOWN'), 'WRONG_DAY', /入账日2025-11-06尚在今日（2025-11-05）之后/],
    ['about what was never sent is not believed', paid, payment('CREATED'), 'NEVER_SENT', /尚未发送银行/],
    ['about a serial of nobody is not ours', paid, undefined, 'UNMATCHED', /不是本中心的划款（400,000\.00元/],
  ])('%s', (_sentence, word, recorded, outcome, text) => {
    expect(judgeBankWord(word, recorded, today)).toEqual({ outcome, text: expect.stringMatching(text) as string })
  })
})

describe('one serial in several lines', () => {
  test.each([
    ['none', [], undefined],
    ['the same twice', [paid, paid], paid],
    ['two results', [paid, failed], 'DIFFER'],
    ['two amounts', [paid, { ...paid, amountFen: fen(1n) }], 'DIFFER'],
  ] as const)('%s', (_sentence, words, expected) => expect(oneWord(words)).toEqual(expected))
})
