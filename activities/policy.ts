import type { PlainDate } from '#contracts/dates.ts'
import { canonicalJson, sha256Hex, snapshotId } from '#db/canonical.ts'
import { forSql, type Db, type Reader, type Tx } from '#db/connect.ts'
import { governsAll, type ParameterKey } from '#policy/catalogue.ts'
import { policyAt, type PolicyRow, type PolicySnapshot } from '#policy/policy-at.ts'
import { reviveSnapshot } from '#policy/revive.ts'
import { isEntity } from '#policy/scopes.ts'
import type { Json } from '#policy/value-types.ts'

/** The policy of a reporting entity on a day, from the rows, which at run time are the only truth. @throws NoPolicyInForce */
export async function readPolicy(from: Db | Tx | Reader, entity: string, date: PlainDate): Promise<PolicySnapshot> {
  if (!isEntity(entity)) throw new RangeError(`${entity} is not a reporting entity`)
  const rows = await forSql(from)
    .selectFrom('parameter')
    .select(['key', 'scope', 'effective_on as effectiveOn', 'value', 'standing', 'source', 'article', 'reason'])
    .where('effective_on', '<=', date)
    .execute()
  return policyAt(rows as PolicyRow[], entity, date)
}

/** The policy that rules a case: the snapshot kept at acceptance, whatever rows have come since; before acceptance, that of the day. */
export async function readRulingPolicy(
  from: Db | Tx,
  kase: { snapshot_id: string | null; reporting_entity: string },
  today: PlainDate,
): Promise<PolicySnapshot> {
  if (kase.snapshot_id === null) return readPolicy(from, kase.reporting_entity, today)
  const kept = await from
    .selectFrom('policy_snapshot')
    .select('content')
    .where('snapshot_id', '=', kase.snapshot_id)
    .executeTakeFirstOrThrow()
  return reviveSnapshot(JSON.parse(kept.content) as Json)
}

/** The days of a case on which something else than its acceptance may rule; null while they have not come. */
export interface EventDays {
  readonly today: PlainDate
  readonly signedOn: PlainDate | null
  readonly disbursedOn: PlainDate | null
}

/**
 * The policy of the day that governs these parameters, as the catalogue says of each: that of acceptance, of the contract, of the release, or
 * of the act itself. @throws RangeError when they are governed by different days, or their day has not come
 */
export async function readGoverningPolicy(
  from: Db | Tx,
  kase: { snapshot_id: string | null; reporting_entity: string },
  keys: readonly [ParameterKey, ...ParameterKey[]],
  days: EventDays,
): Promise<PolicySnapshot> {
  const governs = governsAll(keys)
  if (governs === 'ACCEPTANCE') return readRulingPolicy(from, kase, days.today)
  const day = { CONTRACT: days.signedOn, DISBURSEMENT: days.disbursedOn, EVENT: days.today }[governs]
  if (!day) throw new RangeError(`the day that governs ${keys.join()} has not come`)
  return readPolicy(from, kase.reporting_entity, day)
}

/** Keeps a snapshot under its id, so that every verdict can name what ruled it. Keeping it again changes nothing. */
export async function keepSnapshot(tx: Tx, snapshot: PolicySnapshot): Promise<string> {
  const content = canonicalJson(snapshot)
  const id = snapshotId(snapshot)
  await tx
    .insertInto('policy_snapshot')
    .values({ snapshot_id: id, scope: snapshot.scope, as_of: snapshot.date, hash: sha256Hex(content), content })
    .onConflict((conflict) => conflict.column('snapshot_id').doNothing())
    .execute()
  return id
}
