import { describe, expect, it } from 'vitest'
import { fieldsOf, typedAnswers, type Question } from './hand-answers.ts'

const asked = (question: Question['question'], answeredBy: string | null = null): Question => ({
  question,
  person: question === 'CREDIT' ? 'BORROWER' : null,
  what: question,
  source: '来源',
  cause: '未答复',
  answeredBy,
})
const reference = '个人信用报告编号20251103'

describe('what is typed from paper', () => {
  it('travels in the terms of the source, amounts in fen', () => {
    const typed = { overdueNowFen: '0', overdueRunMonths: '1', overdueTimes24Months: '2', monthlyRepaymentFen: '1,200', reference }
    expect(typedAnswers([asked('CREDIT')], { 'CREDIT/BORROWER': typed })).toEqual({
      answers: [
        {
          question: 'CREDIT',
          person: 'BORROWER',
          overdueNowFen: '0',
          overdueRunMonths: 1,
          overdueTimes24Months: 2,
          monthlyRepaymentFen: '120000',
          reference,
        },
      ],
      lacking: [],
    })
  })

  it.each([
    ['nothing', {}],
    ['no paper', { homes: '1' }],
    ['a paper without a number', { homes: '1', reference: '证明' }],
    ['a count that is none', { homes: 'one', reference }],
    ['a fraction of a home', { homes: '1.5', reference }],
  ])('with %s it is not an answer yet', (_sentence, typed) => {
    expect(typedAnswers([asked('HOMES')], { HOMES: typed })).toEqual({ answers: [], lacking: ['HOMES的核验结果'] })
  })

  it('only a marriage has a spouse', () => {
    expect(fieldsOf('FAMILY', { marriage: 'DIVORCED' }).map(({ name }) => name)).toEqual(['marriage', 'minorChildren'])
    expect(typedAnswers([asked('FAMILY')], { FAMILY: { marriage: 'DIVORCED', minorChildren: '0', reference } }).answers).toMatchObject([
      { marriage: 'DIVORCED', spouseDeclared: false },
    ])
    expect(typedAnswers([asked('FAMILY')], { FAMILY: { marriage: 'MARRIED', minorChildren: '0', reference } }).lacking).toHaveLength(1)
  })

  it('what was answered before is left alone until it is taken up again', () => {
    expect(typedAnswers([asked('HOMES', reference)], {})).toEqual({ answers: [], lacking: [] })
    expect(typedAnswers([asked('HOMES', reference)], { HOMES: {} }).lacking).toEqual(['HOMES的核验结果'])
  })
})
