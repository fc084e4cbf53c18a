import { describe, expect, test } from 'vitest'
import { loanStages } from '../loan/stages.ts'
import { awaitedOf, awaitedTask, mayAct, personsOf, stepGroupOf, type Actor, type Standing } from './may-act.ts'

const [BRANCH, ME, ANN, BEA] = ['branch-wanghe', 'me', 'a-nn', 'b-ea']
const awaited = awaitedOf([{ post: 'REVIEWER', org_id: BRANCH, claimed_by: null, claimed_name: null }])
/** Somebody who stands in for both, and holds no such post themselves. */
const standingInFor = (ann: Standing, bea: Standing): Actor => ({
  staffId: ME,
  active: true,
  posts: [BEA, ANN].map((delegatedBy) => ({ post: 'REVIEWER', orgId: BRANCH, delegatedBy })),
  principals: new Map([
    [ANN, ann],
    [BEA, bea],
  ]),
})
const actsAs = (actor: Actor): string[] => personsOf(actor, awaitedTask(actor, awaited)?.held)

describe('whoever stands in for several acts', () => {
  test.each<[string, Standing, Standing, string]>([
    ['for the one nothing is against', { relation: '配偶' }, {}, BEA],
    ['for the one who has not been in the case', { groupHeld: 'PRELIMINARY' }, {}, BEA],
    ['rather for one who has been in it than for one who must stay away', { relation: '配偶' }, { groupHeld: 'REVIEW' }, BEA],
    ['for the same one each time, where it makes no difference', {}, {}, ANN],
  ])('%s', (_sentence, ann, bea, whom) => {
    const actor = standingInFor(ann, bea)
    expect(actsAs(actor)).toEqual([ME, whom])
    expect(mayAct(loanStages.REVIEW, actor, awaited)).toEqual([])
  })

  test('for nobody when something is against all of them, and is told what', () => {
    const barred = standingInFor({ relation: '配偶' }, { groupHeld: 'PRELIMINARY' })
    expect(mayAct(loanStages.REVIEW, barred, awaited)).toEqual([{ code: 'FOUR_EYES', text: '本案您所代理的人已办理初审，不得再办理复审' }])
  })

  test('in their own name, where the post is theirs', () => {
    const own = { ...standingInFor({}, {}), posts: [...standingInFor({}, {}).posts, { post: 'REVIEWER' as const, orgId: BRANCH }] }
    expect(actsAs(own)).toEqual([ME])
  })
})

test('where several must sign each belongs to a group of its own, and a post that has none there is no answer', () => {
  expect(stepGroupOf(loanStages.SIGNED, 'BANK_CHECKER')).toBe('BANK_CHECK')
  expect(stepGroupOf(loanStages.SIGNED, 'GUARANTOR_CHECKER')).toBe('GUARANTOR_CHECK')
  expect(() => stepGroupOf(loanStages.SIGNED, 'CASHIER')).toThrow(RangeError)
})
