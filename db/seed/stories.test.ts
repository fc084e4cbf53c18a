import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { assessLoan } from '#rules/loan/assess.ts'
import { factsOf } from './household.ts'
import { demoApplicants, DEMO_DAY } from './people.ts'

/** Nobody asks a housing department here; a city whose policy wants it gets no answer, and the case goes to a person. */
const factsOfStory = (index: number) => {
  const applicant = demoApplicants[index]
  if (!applicant) throw new Error('no such story')
  return factsOf(applicant.family, DEMO_DAY)
}

describe('the rules say of each story what its README says', () => {
  test.each(demoApplicants.map(({ story, family }, index) => ({ index, family, ...story })))(
    '$key: $expected',
    ({ index, family, expected, shows }) => {
      const { outcome, reasons, notes } = assessLoan(factsOfStory(index), policyAt(publishedRows, family.branch.entity, DEMO_DAY))
      const codes = [...reasons, ...notes].map(({ code }) => code)
      expect({ outcome, codes }).toEqual({ outcome: expected, codes: expect.arrayContaining([...shows]) })
      if (outcome === 'refused') expect([...new Set(reasons.map(({ code }) => code))].sort()).toEqual([...shows].sort())
    },
  )
})

test('the README lists everybody a newcomer can enter, with what must be typed', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  for (const { story, family } of demoApplicants) {
    const { borrower, spouse, home } = family
    for (const word of [
      story.tells,
      borrower.person.name,
      borrower.person.idNumber,
      home.filingNumber,
      home.homeNumber,
      ...(spouse ? [spouse.person.idNumber] : []),
    ]) {
      expect(readme).toContain(word)
    }
  }
})

test('no two stories share a person, a home or a card', () => {
  const numbers = demoApplicants.flatMap(({ family: { borrower, spouse, children } }) =>
    [borrower, ...(spouse ? [spouse] : [])].map(({ person }) => person.idNumber).concat(children.map((child) => child.idNumber)),
  )
  const things = demoApplicants.flatMap(({ family: { home, cardNumber } }) => [
    home.homeNumber,
    home.filingNumber,
    cardNumber,
    home.accountNumber,
  ])
  expect(new Set(numbers).size).toBe(numbers.length)
  expect(new Set(things).size).toBe(things.length)
})
