import { sql } from 'kysely'
import { expect } from 'vitest'
import type { Tx } from '../connect.ts'
import type { BusyCity } from './busy-city.fixture.ts'
import type { CheckOptions } from './check-all.ts'
import type { Invariant } from './violation.ts'

/** Something done to the database behind the back of everything that guards it, and what it is found as. */
export interface Planted {
  readonly invariant: Invariant
  /** In the words of the check. */
  readonly what: string
  readonly done: string
  readonly by: Damage
  readonly options?: (options: CheckOptions) => CheckOptions
}
export type Damage = (tx: Tx, city: BusyCity) => Promise<void>

/** Statements in which `$decided`, `$signed` and `$paid` stand for the cases of the city. One that changes nothing is a mistake of the test. */
export const run =
  (...statements: string[]): Damage =>
  async (tx, { decidedCase, signedCase, paidCase }) => {
    for (const statement of statements) {
      const filled = statement
        .replaceAll('$decided', `'${decidedCase}'`)
        .replaceAll('$signed', `'${signedCase}'`)
        .replaceAll('$paid', `'${paidCase}'`)
      const { numAffectedRows } = await sql.raw(filled).execute(tx)
      if (/^(update|insert|delete)/.test(statement)) expect(numAffectedRows, statement).toBeGreaterThan(0n)
    }
  }

/** The database is as it was; what it is compared with is not. */
export const unchanged: Damage = async () => {}

/** One row of a table once more, under an id of its own and with some columns changed. */
export const copyOf = (table: string, change: string, where: string): string =>
  `insert into ${table} overriding system value select (jsonb_populate_record(t, ${change})).* from ${table} t where ${where} limit 1`

export const freshUuid = (column: string, more = ''): string => `jsonb_build_object('${column}', gen_random_uuid()${more})`

export const LAST_DECISION = `case_id = $decided and seq = (select max(seq) from decision where case_id = $decided)`

/** Whatever a reworded verdict says, its hash is made to fit. */
export const REHASH_VERDICTS = `update verdict set hash = encode(sha256(convert_to(content, 'UTF8')), 'hex')`
