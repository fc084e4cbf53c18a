import { describe, expect, it } from 'vitest'
import { fen } from '#contracts/money.ts'
import { policyAt } from '#policy/policy-at.ts'
import { plainDate } from '#contracts/dates.ts'
import { publishedRows } from '#policy/published.ts'
import { isReasonCode, mayBeLifted, reason, REASON_CODES } from './reason-codes.ts'

const { values } = policyAt(publishedRows, 'xinxiang', plainDate('2025-11-03'))

describe('the catalogue', () => {
  it.each(Object.entries(REASON_CODES))('%s has a Chinese label, an article and a text', (_code, { label, article, text }) => {
    for (const words of [label, article, text]) expect(words).toMatch(/\p{Script=Han}/u)
  })
  it('only a refusal can be lifted', () => {
    expect(Object.values(REASON_CODES).filter(({ effect, override }) => effect !== 'REFUSE' && override !== 'NEVER')).toEqual([])
  })
  it.each(['ACCOUNT_RESTRICTED', 'UNDER_BAN', 'DISHONEST_DEBTOR', 'HOME_THIRD', 'LOANS_USED_UP', 'HOME_SEIZED'] as const)(
    'nobody lifts %s',
    (code) => {
      expect(REASON_CODES[code].override).toBe('NEVER')
    },
  )
  it('knows its own codes and no inherited name', () => {
    expect([isReasonCode('HOME_THIRD'), isReasonCode('toString'), isReasonCode('home_third')]).toEqual([true, false, false])
  })
})

describe('a reason', () => {
  it('prints money in yuan and keeps the figures in fen', () => {
    expect(reason('CREDIT_OVERDUE_NOW', { who: '配偶', overdueFen: fen(123_456n) })).toMatchObject({
      text: '配偶征信显示当前逾期1,234.56元',
      figures: { overdueFen: 123_456n },
      article: '信用状况',
    })
  })
  it('takes article and standing from the parameter it rests on', () => {
    expect(reason('CONTRIBUTION_SHORT', { who: '借款人', months: 5, monthsMin: 6 }, values.contributionMonthsMin)).toMatchObject({
      article: '缴存时间（假定）',
      standing: 'ASSUMED',
    })
    expect(reason('HOME_THIRD', { homes: 2 }, values.homesInPlaceMax)).toMatchObject({
      article: '《新乡（市）住房公积金2024年年度报告》六、（三）新乡4（1），引新公积金管〔2024〕2号第二项第3项、第4项',
      standing: 'PUBLISHED',
    })
  })
})

describe('special approval', () => {
  it.each([
    ['may lift a short contribution', 'CONTRIBUTION_SHORT', true],
    ['may not lift a third home', 'HOME_THIRD', false],
    ['lifts no open question: it is answered', 'SOURCE_UNAVAILABLE', false],
    ['lifts nothing that the house does not know', 'LONG_GONE', false],
  ])('%s', (_sentence, code, answer) => expect(mayBeLifted(code)).toBe(answer))
})
