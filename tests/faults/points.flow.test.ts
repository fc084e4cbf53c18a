import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkflows } from '../../bin/faults/house.ts'
import { drawTrials, fewOf, rehearse, STORIES, TROUBLES, type Rehearsed, type Trial } from '../../bin/faults/run.ts'
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
