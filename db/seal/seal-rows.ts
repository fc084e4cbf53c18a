import type { KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { forSql, type Db, type Reader, type Tx } from '../connect.ts'
import { NO_HEAD, signSeal, type Seal } from './head.ts'
import { merkleTree } from './merkle.ts'

/** A batch stays well below what one statement carries; what is left over goes into the next one at once. */
const ROWS_MAX = 10_000

/**
 * Seals what has been committed for good and stands in no seal yet. Only one transaction seals at a time.
 * @returns undefined when there is nothing to seal, or when another process is sealing
 */
export async function sealRows(tx: Tx, key: KeyObject, keyId: string): Promise<Seal | undefined> {
  if (!(await tryLock(tx, 'anju audit seal'))) return undefined
  // A row below the oldest running transaction can no longer be preceded by one that is still to commit. A row above every
  // transaction of this cluster came with a restored copy, and is as final.
  const { rows } = await sql<{ audit_id: bigint; hash: string; at: string }>`
    select audit_id, hash, to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at from audit_row
    where sealed_in is null and (xid < pg_snapshot_xmin(pg_current_snapshot()) or xid >= pg_snapshot_xmax(pg_current_snapshot()))
    order by audit_id limit ${ROWS_MAX}`.execute(tx)
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return undefined

  const tree = merkleTree()
  for (const row of rows) tree.add(Buffer.from(row.hash, 'hex'))
  const before = await readLastSeal(tx)
  const seal = signSeal(
    {
      sealNo: String(BigInt(before?.sealNo ?? 0) + 1n),
      at: first.at,
      rowCount: rows.length,
      lastAuditId: String(last.audit_id),
      merkleRoot: tree.root().toString('hex'),
      prevHead: before?.head ?? NO_HEAD,
    },
    key,
    keyId,
  )
  await insertSeal(tx, seal)
  const ids = rows.map((row) => String(row.audit_id))
  const { numAffectedRows } = await sql`
    update audit_row set sealed_in = ${seal.sealNo} where audit_id = any(${ids}::bigint[]) and sealed_in is null`.execute(tx)
  if (numAffectedRows !== BigInt(rows.length)) throw new Error('audit rows were sealed twice')
  return seal
}

/** One process at a time carries heads out of the database. @returns false when another is at it */
export const lockHeads = (tx: Tx): Promise<boolean> => tryLock(tx, 'anju audit heads')

async function tryLock(tx: Tx, name: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(hashtext(${name})) as taken`.execute(tx)
  return rows[0]?.taken === true
}

const insertSeal = (tx: Tx, seal: Seal) =>
  tx
    .insertInto('audit_seal')
    .values({
      seal_no: BigInt(seal.sealNo),
      sealed_at: seal.at,
      row_count: seal.rowCount,
      last_audit_id: BigInt(seal.lastAuditId),
      merkle_root: seal.merkleRoot,
      prev_head: seal.prevHead,
      head: seal.head,
      signature: seal.signature,
      key_id: seal.keyId,
    })
    .execute()

/** The newest seal; undefined before anything was sealed. */
export const readLastSeal = async (from: Db | Tx | Reader): Promise<Seal | undefined> =>
  (await sealQuery(from).orderBy('seal_no', 'desc').limit(1).execute()).map(sealOf)[0]

/** Seals in their order, those after a number. */
export const readSealsAfter = async (from: Db | Tx | Reader, sealNo: string, limit: number): Promise<Seal[]> =>
  (await sealQuery(from).where('seal_no', '>', BigInt(sealNo)).orderBy('seal_no').limit(limit).execute()).map(sealOf)

/** A seal by its number; undefined when there is none of this number. */
export const readSeal = async (from: Db | Tx | Reader, sealNo: string): Promise<Seal | undefined> =>
  (await sealQuery(from).where('seal_no', '=', BigInt(sealNo)).execute()).map(sealOf)[0]

const sealQuery = (from: Db | Tx | Reader) =>
  forSql(from)
    .selectFrom('audit_seal')
    .selectAll()
    // The head covers the very text of the instant, so it is read in the spelling in which it was signed.
    .select(sql<string>`to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'))

type SealRow = Awaited<ReturnType<ReturnType<typeof sealQuery>['execute']>>[number]

const sealOf = (row: SealRow): Seal => ({
  sealNo: String(row.seal_no),
  at: row.at,
  rowCount: row.row_count,
  lastAuditId: String(row.last_audit_id),
  merkleRoot: row.merkle_root,
  prevHead: row.prev_head,
  head: row.head,
  signature: row.signature,
  keyId: row.key_id,
})
