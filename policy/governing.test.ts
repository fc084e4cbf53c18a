import { describe, expect, test } from 'vitest'
import { governsAll } from './catalogue.ts'

describe('what governs', () => {
  test('is what the catalogue says of each parameter', () => {
    expect([
      governsAll(['decisionDaysMax']),
      governsAll(['firstPeriod', 'repricingSplit']),
      governsAll(['releaseFloorFen']),
      governsAll(['answerDays']),
    ]).toEqual(['ACCEPTANCE', 'CONTRACT', 'DISBURSEMENT', 'EVENT'])
  })

  test('parameters of different days have no one day', () => {
    expect(() => governsAll(['firstPeriod', 'answerDays'])).toThrow(/different days/)
  })
})
