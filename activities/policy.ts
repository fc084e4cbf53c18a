import type { PlainDate } from '#contracts/dates.ts'
import { canonicalJson, sha256Hex, snapshotId } from '#db/canonical.ts'
import { forSql, type Db, type Reader, type Tx } from '#db/connect.ts'
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
