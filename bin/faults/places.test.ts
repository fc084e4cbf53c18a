import { expect, test } from 'vitest'
import { commitsWithoutPoint, named, pointsInCode } from './places.ts'

const file = 'activities/somewhere.ts'
const source = (text: string) => [{ file, text: `import { fault, transact } from '#db/fault.ts'\n${text}` }]

test('points are read from the code: by their names, on both sides of a commit, and in every form that a name can take', () => {
  expect(pointsInCode(source(`await fault('a.sent')`))).toEqual(['a.sent'])
  expect(pointsInCode(source(`transact(parts.db, 'keep', async (tx) => 1)`))).toEqual(['keep.after-commit', 'keep.before-commit'])
  expect(pointsInCode(source('await fault(`${COMMAND_NAMES[spec.command]}.before-reply`, res)'))).toEqual([
    'case-command.before-reply',
    'desk-command.before-reply',
  ])
  expect(pointsInCode(source('await fault(`${to.counterpart}${to.path}.after-call`)'))).toContain('bank/payments/submit.after-call')
  expect(named('bank/day-files/2025-11-03.after-call')).toBe('bank/day-files.after-call')
})

test('a point whose name cannot be read is not passed over', () => {
  for (const unreadable of ['await fault(name)', 'await fault(`${thing}.sent`)', 'transact(db, what, async (tx) => 1)'])
    expect(() => pointsInCode(source(unreadable)), unreadable).toThrow(file)
})

test('of the code itself all are read', () => {
  expect(pointsInCode().length).toBeGreaterThan(80)
})

/** What is lost with such a commit, before or after it, is nothing: each with its reason. */
const WITHOUT_POINT: Readonly<Record<string, string>> = {
  'activities/case/recount.ts: putOff': 'counts the tries of a case whose counting has failed; the counting itself has its points',
  'activities/messages.ts: claimMessages': 'a lease, which runs out; message.claimed stands behind it',
  'activities/receipts.ts: claimAwaited': 'a lease, which runs out; receipt.claimed stands behind it',
  'activities/reconcile.ts: takePage': 'a lease, which runs out: the next round looks at the same cases',
  'activities/relay.ts: claimStarts': 'a lease, which runs out; relay.claimed stands behind it',
  'activities/loan/bank-news.ts: notice = await takeNotice': 'notice-judged stands on either side of it',
  'api/carry.ts: takeUncarried': 'a lease, which runs out; what was carried and lost is carried again',
  'bin/found-house.ts: await foundHouse': 'a command of a person who sees how it ends, all or nothing',
  'bin/seal-loop.ts: raiseIncident': 'said again every minute for as long as it is so',
  'db/write/oidc.ts: await sql`select pg_advisory_xact_lock':
    'counts departures to the identity provider; a lost one lets somebody try once more',
  'db/write/sign-in.ts: await tryLock': 'counts a try at the door; the log-in itself has its points',
}

test('every commit in the processes that may die has a point on either side, or a reason why nothing is lost there', () => {
  expect(commitsWithoutPoint(source(`await db.transaction().execute(async (tx) => {\n  await pay(tx)\n})`))).toEqual([`${file}: await pay`])
  expect(commitsWithoutPoint()).toEqual(Object.keys(WITHOUT_POINT).toSorted())
})
