import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainDate } from '../dates.ts'
import { fen } from '../money.ts'
import { failureCode } from './bank.ts'
import { dayFileText, parseDayFile, type DayFileLine } from './day-file.ts'

const date = plainDate('2025-11-03')
const lines: DayFileLine[] = [
  { serial: 'PAY-00000001', amountFen: fen(65_000_000n), state: 'SUCCEEDED', bankReference: 'B-1' },
  { serial: 'PAY-00000002', amountFen: fen(1n), state: 'FAILED', failure: 'ACCOUNT_CLOSED' },
]
const text = dayFileText(date, lines)

describe('a day file', () => {
  it('is written as agreed', () => {
    expect(text).toBe(
      'H|BANK-DAY-FILE|1|2025-11-03\nD|PAY-00000001|65000000|SUCCEEDED|B-1\nD|PAY-00000002|1|FAILED|ACCOUNT_CLOSED\nT|2|65000001\n',
    )
  })

  it('names a line that cannot be read and keeps the others', () => {
    const spoilt = text.replace('|65000000|', '|65000000.00|')
    expect(parseDayFile(spoilt)).toEqual({ date, lines: [lines[1]], unreadableLines: [2] })
  })

  it.each([
    ['is empty', ''],
    ['has no header', text.replace(/^H.*\n/, '')],
    ['has no trailer', text.replace(/^T.*\n/m, '')],
    ['ends in the middle of its trailer', text.slice(0, -3)],
    ['lost a line', text.replace(/^D.*\n/m, '')],
    ['has an amount changed', text.replace('65000000|', '65000001|')],
    ['is of no day of the calendar', text.replace('2025-11-03', '2025-02-31')],
  ])('is not taken when it %s', (_, given) => {
    expect(parseDayFile(given)).toBeUndefined()
  })

  const line = fc.record({
    serial: fc.stringMatching(/^[A-Z0-9-]{8,40}$/),
    amount: fc.bigInt(1n, 10n ** 13n),
    failure: fc.option(fc.constantFrom(...failureCode.options)),
  })
  it('reads back what was written, and nothing when cut anywhere', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), fc.nat(), (rows, at) => {
        const written = rows.map(({ serial, amount, failure }): DayFileLine =>
          failure === null
            ? { serial, amountFen: fen(amount), state: 'SUCCEEDED', bankReference: `B-${serial}` }
            : { serial, amountFen: fen(amount), state: 'FAILED', failure },
        )
        const whole = dayFileText(date, written)
        expect(parseDayFile(whole)).toEqual({ date, lines: written, unreadableLines: [] })
        expect(parseDayFile(whole.slice(0, at % whole.length))).toBeUndefined()
      }),
    )
  })
})
