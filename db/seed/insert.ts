import { sql, type Insertable } from 'kysely'
import type { Tx } from '../connect.ts'
import type { Database } from '../tables.ts'

/** Columns of type jsonb: their text travels as the value it spells, not as a string. */
const JSON_COLUMNS: Readonly<Partial<Record<keyof Database, readonly string[]>>> = {
  decision: ['terms', 'fields'],
  loan_application: ['content'],
  source_reply: ['content'],
  outbox: ['payload'],
  machine_message: ['body'],
}

/** Far below PostgreSQL's limit for one value, and a statement stays short enough to be interrupted. */
const ROWS_PER_STATEMENT = 10_000

/**
 * Inserts rows of one shape, thousands to a statement, through the table's own constraints and policies. One parameter per statement:
 * a values list would end at 65 535 of them.
 * @throws Error when two rows name different columns: the second's would be lost in silence
 */
export async function insertRows<T extends keyof Database>(tx: Tx, table: T, rows: readonly Insertable<Database[T]>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const names = sql.join(columns.map((column) => sql.id(column)))
  for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
    const batch = rows.slice(from, from + ROWS_PER_STATEMENT).map((row) => wireRow(table, row, columns))
    const target = sql.table(table)
    await sql`insert into ${target} (${names})
      select ${names} from jsonb_populate_recordset(null::${target}, ${JSON.stringify(batch)}::jsonb)`.execute(tx)
  }
}

function wireRow(table: keyof Database, row: object, columns: readonly string[]): Record<string, unknown> {
  const cells = Object.entries(row)
  if (cells.length !== columns.length || cells.some(([column]) => !columns.includes(column)))
    throw new Error(`rows of ${table} differ in their columns`)
  const asJson = JSON_COLUMNS[table] ?? []
  return Object.fromEntries(
    cells.map(([column, value]: [string, unknown]) => [column, asJson.includes(column) ? jsonCell(value) : wireCell(value)]),
  )
}

const jsonCell = (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value)

function wireCell(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
  return value
}
