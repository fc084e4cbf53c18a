import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../tests/setup/database.ts'
import { connect } from '../connect.ts'
import { createVault } from '../vault.ts'
import { seedCity } from './city.ts'
import { OPEN_STAGES } from './paths.ts'

const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })

/** Without the tables that hold ciphertext or the machine's own time. */
const TABLES = [
  'org',
  'staff_post',
  'staff_relative',
  'unit',
  'personal_account',
  'account_entry',
  'account_hold',
  'case_file',
  'case_actor',
  'case_lock',
  'decision',
  'task',
  'deadline',
  'clock_span',
  'want',
  'loan',
  'loan_account',
  'voucher',
  'posting',
  'ledger_balance',
  'source_reply',
  'verdict',
  'policy_snapshot',
  'audit_row',
  'document',
  'paper',
  'reservation',
] as const

/** Where people have done something beside the cases' own way: empty in a small city. */
const LIVELY_TABLES = ['task_claim', 'case_note', 'case_copy', 'incident', 'delegation', 'staff_change', 'machine_message'] as const

const SMALL = { contributors: 70, olderLoans: 20, openCases: OPEN_STAGES.length }
const LIVELY = { contributors: 200, olderLoans: 260, openCases: 48 }

/** Columns that tell when and in which order rows were written, and nothing of the city. */
const OF_THE_MACHINE = ['audit_id', 'xid', 'posted_at', 'created_at', 'received_at']

async function found(
  seed: number,
  size = SMALL,
  tables: readonly string[] = TABLES,
): Promise<{ digests: Record<string, string>; took: number; paid: bigint }> {
  const database = await testDatabase()
  const db = connect(database.ownerUrl)
  try {
    const before = process.threadCpuUsage().user
    await seedCity(db, vault, { ...size, seed })
    // What this thread has worked, so that a busy machine makes no difference.
    const took = Math.round((process.threadCpuUsage().user - before) / 1000)
    const digests: Record<string, string> = {}
    for (const table of tables) {
      const { rows } = await sql<{ digest: string }>`
        select md5(string_agg(line, '' order by line)) as digest
        from (select (to_jsonb(t) - ${OF_THE_MACHINE}::text[])::text as line from ${sql.table(table)} t) lines`.execute(db)
      digests[table] = rows[0]?.digest ?? ''
    }
    const cash = await sql<{
      least: bigint
    }>`select min(amount_fen)::bigint as least from ledger_balance where ledger_code = '10101'`.execute(db)
    return { digests, took, paid: cash.rows[0]?.least ?? 0n }
  } finally {
    await db.destroy()
    await database.drop()
  }
}

test('the same seed founds the same city, another seed another one', async () => {
  const [first, again, other] = [await found(1), await found(1), await found(2)]
  console.log(`small city in ${first.took}, ${again.took}, ${other.took} ms`)
  expect(Object.keys(first.digests).filter((table) => first.digests[table] === '')).toEqual([])
  expect(again.digests).toEqual(first.digests)
  expect(other.digests).not.toEqual(first.digests)
})

test('a lively one is the same as well, down to what was said on its last afternoon', async () => {
  const tables = [...TABLES, ...LIVELY_TABLES]
  const [first, again] = [await found(1, LIVELY, tables), await found(1, LIVELY, tables)]
  expect(Object.keys(first.digests).filter((table) => first.digests[table] === '')).toEqual([])
  expect(again.digests).toEqual(first.digests)
})

test.each([3, 4, 5, 6, 7, 8])('a small city of seed %i has people for every stage, and every bank can pay a loan out', async (seed) => {
  expect((await found(seed)).paid).toBeGreaterThan(50_000_000n)
})
