import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkflows } from '../../bin/faults/house.ts'
import { pointsInCode } from '../../bin/faults/places.ts'
import { drawTrials, fewOf, passedByNone, rehearse, STORIES, TROUBLES, type Rehearsed, type Trial } from '../../bin/faults/run.ts'
import { startTestFaultHouse, type TestFaultHouse } from '../setup/fault-house.ts'

/** Ten of all; `npm run faults` lives through every one, and `-- --points --point <story>/<name>` through the one that failed here. */
const TRIALS = 10
const SEED = 12_313

let house: TestFaultHouse | undefined
let rehearsed: Rehearsed
let trials: Trial[]

beforeAll(async () => {
  house = await startTestFaultHouse('faults')
  const { environment, folder } = house
  rehearsed = await rehearse(house.house, join(folder, 'points'), () => openWorkflows(environment))
  trials = fewOf(drawTrials(rehearsed.points, SEED), TRIALS)
}, 90_000)

afterAll(() => house?.end(), 60_000)

test('the story passes points before and after every commit, every call outside and every reply', () => {
  const names = [...rehearsed.points.loan.keys()]
  for (const point of [
    'desk-command.before-commit',
    'receipt.after-commit',
    'decide.after-commit',
    'relay.started',
    'check-data.before-commit',
    'payment-sent.after-commit',
    'bank/payments/submit.after-call',
    'close-payment.after-commit',
    'case-command.engine-answered',
    'case-command.before-reply',
  ])
    expect(names).toContain(point)
  expect(names.length).toBeGreaterThanOrEqual(50)
})

/** Points that a story in which nothing goes wrong does not come by, each with why, and with what tries it. */
const OUT_OF_REACH: Readonly<Record<string, string>> = {
  'bank/day-files': 'asked for only while a payment’s end is unknown: tests/journeys/day-file.flow.test.ts',
  'bank/payments/query': 'asked only where the bank’s own answer or notice fails to come: tests/journeys/bank-notices.flow.test.ts',
  'bug-reported': 'our own fault is needed: tests/journeys/recovery.flow.test.ts',
  'day-file-taken': 'as the day’s file',
  'decide-refused': 'the rule must have let pass what the database refuses: activities/case/decide.db.test.ts',
  'finding-taken-up': 'the bank must have spoken against a payment: tests/journeys/bank-contradicts.flow.test.ts',
  'housing/homes': 'asked only where a centre counts homes by the housing department too; that of the stories does not',
  'incident-retried': 'there must be an incident first: tests/journeys/recovery.flow.test.ts',
  'initial-password': 'shown once, to one person; a lost one is asked for anew: tests/access/newcomers.flow.test.ts',
  'new-password': 'a log-in that dies is begun again: tests/access/newcomers.flow.test.ts',
  'notice-set-aside': 'our own fault in judging a notice is needed: tests/faults/messages.db.test.ts',
  'own-password': 'a change that dies is made again: tests/access/enrolment.flow.test.ts',
  'publish-heads': 'comes by itself once a minute, in no story’s time: activities/seal.db.test.ts',
  'seal-audit': 'comes by itself once a minute, in no story’s time: activities/seal.db.test.ts',
  'second-factor': 'a log-in that dies is begun again: tests/access/enrolment.flow.test.ts',
  'sign-in-vouched': 'needs an identity provider, which a demo has not: tests/access/oidc.flow.test.ts',
  'wake.before-restart': 'the engine must have lost a case: tests/journeys/recovery.flow.test.ts',
  'watch.before-restart': 'the engine must have lost a case: tests/faults/watch.db.test.ts',
}
const isOutOfReach = (point: string): boolean =>
  Object.keys(OUT_OF_REACH).some(
    (one) => point === one || (/^\.(?:before|after)-\w+$/.test(point.slice(one.length)) && point.startsWith(one)),
  )

test('every point in the code is passed by a story, or stands above with the reason why none can come by it', () => {
  expect(passedByNone(rehearsed.points, pointsInCode()).filter((point) => !isOutOfReach(point))).toEqual([])
})

test('what stands above is in the code, and what tries it is there', () => {
  for (const [point, why] of Object.entries(OUT_OF_REACH)) {
    expect(
      pointsInCode().some((one) => one.startsWith(point)),
      point,
    ).toBe(true)
    const [trial] = /[\w/-]+(?:\.\w+)?\.test\.ts$/.exec(why) ?? []
    if (trial !== undefined) expect(existsSync(join(import.meta.dirname, '../..', trial)), trial).toBe(true)
  }
})

test('the ten are of every story and every trouble', () => {
  expect(new Set(trials.map(({ story }) => story))).toEqual(new Set(STORIES))
  expect(new Set(trials.map(({ trouble }) => trouble))).toEqual(new Set(TROUBLES))
})

test.each(Array.from({ length: TRIALS }, (_, index) => index))(
  'whatever dies, fails, hangs or is lost on the way, the case ends as if nothing had happened (%i)',
  async (index) => {
    const trial = trials[index]
    if (!trial) throw new Error('fewer points than trials')
    const { complaints } = await rehearsed.run(trial)
    expect(complaints, `${trial.story}/${trial.point}#${trial.passage}=${trial.trouble}`).toEqual([])
  },
  180_000,
)
