import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkflows } from '../../bin/faults/house.ts'
import { named, pointsInCode } from '../../bin/faults/places.ts'
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

/** Points that a story in which nothing goes wrong does not come by, each with why, and with the test that fails at it. */
const OUT_OF_REACH: Readonly<Record<string, { readonly why: string; readonly failedAtIn: string }>> = {
  'bank/day-files': {
    why: 'asked for only while a payment’s end is unknown',
    failedAtIn: 'tests/journeys/day-file.flow.test.ts',
  },
  'bank/payments/query': {
    why: 'asked only where the bank’s own answer or notice fails to come',
    failedAtIn: 'tests/journeys/bank-notices.flow.test.ts',
  },
  'bug-reported': { why: 'our own fault is needed', failedAtIn: 'tests/journeys/recovery.flow.test.ts' },
  'day-file-taken': { why: 'as the day’s file', failedAtIn: 'tests/journeys/day-file.flow.test.ts' },
  'decide-refused': { why: 'the rule must have let pass what the database refuses', failedAtIn: 'activities/case/decide.db.test.ts' },
  'finding-taken-up': { why: 'the bank must have spoken against a payment', failedAtIn: 'tests/journeys/bank-contradicts.flow.test.ts' },
  'housing/homes': {
    why: 'asked only where a centre counts homes by the housing department too; that of the stories does not',
    failedAtIn: 'tests/journeys/silent-sources.flow.test.ts',
  },
  'incident-retried': { why: 'there must be an incident first', failedAtIn: 'tests/faults/relay.db.test.ts' },
  'initial-password': { why: 'somebody’s password must have been reset', failedAtIn: 'tests/access/fails-at-the-door.flow.test.ts' },
  'new-password': { why: 'as the initial one', failedAtIn: 'tests/access/fails-at-the-door.flow.test.ts' },
  'notice-set-aside': { why: 'our own fault in judging a notice is needed', failedAtIn: 'tests/faults/messages.db.test.ts' },
  'own-password': { why: 'nobody in a story changes theirs', failedAtIn: 'tests/access/fails-at-the-door.flow.test.ts' },
  'publish-heads': { why: 'comes by itself once a minute, in no story’s time', failedAtIn: 'activities/seal.db.test.ts' },
  'seal-audit': { why: 'comes by itself once a minute, in no story’s time', failedAtIn: 'activities/seal.db.test.ts' },
  'second-factor': {
    why: 'the people of the stories give password and code at once',
    failedAtIn: 'tests/access/fails-at-the-door.flow.test.ts',
  },
  'sign-in-vouched': { why: 'needs an identity provider, which a demo has not', failedAtIn: 'tests/access/fails-at-the-door.flow.test.ts' },
  'wake.before-restart': { why: 'the engine must have lost a case', failedAtIn: 'tests/faults/relay.db.test.ts' },
  'watch.before-restart': { why: 'the engine must have lost a case', failedAtIn: 'tests/faults/watch.db.test.ts' },
}
const isOf = (family: string, point: string): boolean =>
  point === family || (point.startsWith(family) && /^\.(?:before|after)-\w+$/.test(point.slice(family.length)))

test('every point in the code is passed by a story, or stands above with the reason why none can come by it', () => {
  const families = Object.keys(OUT_OF_REACH)
  expect(passedByNone(rehearsed.points, pointsInCode()).filter((point) => !families.some((one) => isOf(one, point)))).toEqual([])
})

/** Where a file of tests lets a process fail: by its plans in full, `'<point>#<passage>=<trouble>'`, which it arms. */
function failedAtBy(file: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
  expect(text, file).toMatch(/\b(?:armFaults\((?!undefined)|struckBy\()/)
  return [...text.matchAll(/'([\w/.-]+)#\d+=[\w:-]+'/g)].map(([, point = '']) => named(point))
}

test.each(Object.entries(OUT_OF_REACH))(
  '%s stands above, is in the code, and the test it names fails at each of its points',
  (family, entry) => {
    const points = pointsInCode().filter((point) => isOf(family, point))
    expect(points).not.toEqual([])
    expect(failedAtBy(entry.failedAtIn)).toEqual(expect.arrayContaining(points))
  },
)

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
