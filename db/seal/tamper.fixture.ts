import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import type { Tx } from '../connect.ts'
import { auditHash, auditRowText, GENESIS } from '../write/audit.ts'
import type { ChainRow } from './chain.ts'
import { rowsById } from './export.ts'
import { keyIdOf, NO_HEAD, signSeal } from './head.ts'
import { merkleTree } from './merkle.ts'

/** The key of somebody who is not the house. */
export const attacker = generateKeyPairSync('ed25519').privateKey

/** Statements, one after the other. */
export const run =
  (...statements: string[]) =>
  async (tx: Tx): Promise<void> => {
    for (const statement of statements) await sql.raw(statement).execute(tx)
  }

const hashOf = ({ stream, seq, at, actor, act, body }: ChainRow, prev: string): string =>
  auditHash(auditRowText({ stream, seq, at, actor, act, body, prev }))

/** Puts another word into a row and hashes it again; on request also every row after it, and the registered end. */
export async function rewrite(tx: Tx, stream: string, fromSeq: string, { follow }: { follow: boolean }): Promise<void> {
  const rows = (await rowsOf(tx)).filter((row) => row.stream === stream && BigInt(row.seq) >= BigInt(fromSeq))
  let prev = rows[0]?.prevHash ?? GENESIS
  for (const row of follow ? rows : rows.slice(0, 1)) {
    const body = row.seq === fromSeq ? row.body.replace('同意', '退回') : row.body
    const hash = hashOf({ ...row, body }, prev)
    await tx
      .updateTable('audit_row')
      .set({ body, prev_hash: prev, hash })
      .where('stream', '=', stream)
      .where('seq', '=', BigInt(row.seq))
      .execute()
    prev = hash
  }
  if (follow) await tx.updateTable('audit_stream').set({ head: prev }).where('stream', '=', stream).execute()
}

async function rowsOf(tx: Tx): Promise<(ChainRow & { sealNo: string | null })[]> {
  const rows = []
  for await (const row of rowsById(tx)) rows.push(row)
  return rows
}

/** Rewrites the first row, everything after it, and every seal; signed by whoever has a key, else with the signatures that were there. */
export async function rewriteAll(tx: Tx, key: KeyObject | undefined): Promise<void> {
  await rewrite(tx, 'a', '1', { follow: true })
  await rewrite(tx, 'b', '1', { follow: true })
  const rows = await rowsOf(tx)
  let prevHead = NO_HEAD
  for (const seal of await tx
    .selectFrom('audit_seal')
    .selectAll()
    .select(sql<string>`to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('at'))
    .orderBy('seal_no')
    .execute()) {
    const sealNo = String(seal.seal_no)
    const tree = merkleTree()
    for (const row of rows.filter((one) => one.sealNo === sealNo)) tree.add(Buffer.from(row.hash, 'hex'))
    const facts = {
      sealNo,
      at: seal.at,
      rowCount: seal.row_count,
      lastAuditId: String(seal.last_audit_id),
      merkleRoot: tree.root().toString('hex'),
      prevHead,
    }
    const signed = signSeal(facts, key ?? attacker, key ? keyIdOf(key) : seal.key_id)
    const { head, keyId } = signed
    const signature = key ? signed.signature : seal.signature
    await tx
      .updateTable('audit_seal')
      .set({ merkle_root: facts.merkleRoot, prev_head: prevHead, head, signature, key_id: keyId })
      .where('seal_no', '=', seal.seal_no)
      .execute()
    prevHead = head
  }
}

/** A row of somebody's invention, well made in itself. */
export async function insertRow(tx: Tx, stream: string, seq: string): Promise<void> {
  const before = (await rowsOf(tx)).findLast((row) => row.stream === stream && BigInt(row.seq) < BigInt(seq))
  const row: ChainRow = {
    auditId: '0',
    stream,
    seq,
    at: '2025-11-03T00:00:00.000000Z',
    actor: 'staff/9',
    act: 'decide/approve',
    body: '{}',
    prevHash: before?.hash ?? GENESIS,
    hash: '',
  }
  await tx
    .insertInto('audit_row')
    .values({
      stream,
      seq: BigInt(seq),
      case_id: null,
      org_id: 'x',
      at: row.at,
      actor: row.actor,
      act: row.act,
      body: row.body,
      prev_hash: row.prevHash,
      hash: hashOf(row, row.prevHash),
      sealed_in: null,
      access_group_id: 'OPEN',
    })
    .execute()
}

export async function cut(tx: Tx, stream: string, lastSeq: string): Promise<void> {
  await tx.deleteFrom('audit_row').where('stream', '=', stream).where('seq', '>', BigInt(lastSeq)).execute()
  const last = (await rowsOf(tx)).findLast((row) => row.stream === stream)
  await tx
    .updateTable('audit_stream')
    .set({ last_seq: BigInt(lastSeq), head: last?.hash ?? GENESIS })
    .where('stream', '=', stream)
    .execute()
}

/** As if restored from a copy made before the third seal. */
export async function setBack(tx: Tx): Promise<void> {
  await cut(tx, 'a', '3')
  await cut(tx, 'b', '2')
  await tx.deleteFrom('audit_seal').where('seal_no', '=', 3n).execute()
}
