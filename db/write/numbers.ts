import { sql } from 'kysely'
import type { Tx } from '../connect.ts'

/** The next number of a yearly sequence, without gaps: the row lock is held to the end of the transaction. */
export async function nextNumber(tx: Tx, name: string, year: number): Promise<number> {
  const { rows } = await sql<{ last_number: number }>`
    insert into number_sequence (name, year, last_number) values (${name}, ${year}, 1)
    on conflict (name, year) do update set last_number = number_sequence.last_number + 1 returning last_number`.execute(tx)
  const row = rows[0]
  if (!row) throw new Error('number sequence gave no number')
  return row.last_number
}

const CASE_WORDS: Record<string, string> = { loan: '贷', 'staff-change': '权' }
const ENTITY_WORDS: Record<string, string> = { xinxiang: '新', changyuan: '长' }

/** The case number for people (案号): city, kind, year, sequence — 新公积金贷〔2025〕000012号. */
export async function nextCaseNumber(tx: Tx, kind: string, entity: string, year: number): Promise<string> {
  const sequence = await nextNumber(tx, `case/${entity}/${kind}`, year)
  return `${ENTITY_WORDS[entity] ?? '安'}公积金${CASE_WORDS[kind] ?? '案'}〔${year}〕${String(sequence).padStart(6, '0')}号`
}

/** The number of a voucher for people (记账凭证): city, year, sequence — 记-新-2025-0000012, beside 建账-新-001 of the opening. */
export async function nextVoucherNumber(tx: Tx, entity: string, year: number): Promise<string> {
  const sequence = await nextNumber(tx, `voucher/${entity}`, year)
  return `记-${ENTITY_WORDS[entity] ?? entity}-${year}-${String(sequence).padStart(7, '0')}`
}
