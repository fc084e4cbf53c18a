import type { Pool } from 'pg'
import {
  sandboxRows,
  type SandboxAccount,
  type SandboxHome,
  type SandboxInstitution,
  type SandboxPerson,
} from '#contracts/machine/sandbox.ts'
import { wireText, type ResultOf } from '#contracts/machine/message.ts'
import type { filedContract } from '#contracts/machine/registry.ts'

/** What the world knows: people, homes, filed contracts, accounts, guarantee companies. Loaded, never changed by a question. */

type Kind = keyof typeof sandboxRows
type Filing = Extract<ResultOf<typeof filedContract>, { state: 'FOUND' }>['filing']

/** Inserts or replaces rows of one kind in a single statement. */
export async function putRecords(
  pool: Pool,
  kind: Kind | 'setting',
  entries: readonly (readonly [key: string, body: unknown])[],
): Promise<void> {
  if (entries.length === 0) return
  // The last row of a key wins, as it would one by one.
  const unique = new Map(entries.map(([key, body]) => [key, wireText(body)]))
  await pool.query(
    `INSERT INTO sandbox.record (kind, key, body) SELECT $1, key, body::jsonb FROM unnest($2::text[], $3::text[]) AS given (key, body)
     ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body`,
    [kind, [...unique.keys()], [...unique.values()]],
  )
}

/** The person of an identity number, if the world has one. */
export const personOf = async (pool: Pool, idNumber: string): Promise<SandboxPerson | undefined> => {
  const body = await recordOf(pool, 'person', idNumber)
  return body === undefined ? undefined : sandboxRows.person.parse(body)
}

/** The home of a unit number (不动产单元号), if the world has one. */
export const homeOf = async (pool: Pool, homeNo: string): Promise<SandboxHome | undefined> => {
  const body = await recordOf(pool, 'home', homeNo)
  return body === undefined ? undefined : sandboxRows.home.parse(body)
}

/** The filed contract (网签备案) of a number, if the world has one. */
export const filingOf = async (pool: Pool, filingNo: string): Promise<Filing | undefined> => {
  const body = await recordOf(pool, 'filing', filingNo)
  return body === undefined ? undefined : sandboxRows.filing.parse(body)
}

/** The bank account of a number, if the world has one. */
export const accountOf = async (pool: Pool, accountNo: string): Promise<SandboxAccount | undefined> => {
  const body = await recordOf(pool, 'account', accountNo)
  return body === undefined ? undefined : sandboxRows.account.parse(body)
}

/** The guarantee company of an id, if the world has one. */
export const institutionOf = async (pool: Pool, institutionId: string): Promise<SandboxInstitution | undefined> => {
  const body = await recordOf(pool, 'institution', institutionId)
  return body === undefined ? undefined : sandboxRows.institution.parse(body)
}

/** Homes in a place of which one of the persons is or was an owner, by home number. */
export async function homesOwnedBy(pool: Pool, idNumbers: readonly string[], place: string): Promise<SandboxHome[]> {
  const { rows } = await pool.query<{ body: unknown }>(
    `SELECT body FROM sandbox.record WHERE kind = 'home' AND body -> 'owners' ?| $1::text[] AND body ->> 'place' = $2 ORDER BY key`,
    [idNumbers, place],
  )
  return rows.map((row) => sandboxRows.home.parse(row.body))
}

/** Centres of other cities that do not answer the loan exchange. */
export async function silentCentres(pool: Pool): Promise<string[]> {
  const body = await recordOf(pool, 'setting', 'silentCentres')
  return Array.isArray(body) ? body.map(String) : []
}

async function recordOf(pool: Pool, kind: Kind | 'setting', key: string): Promise<unknown> {
  const { rows } = await pool.query<{ body: unknown }>('SELECT body FROM sandbox.record WHERE kind = $1 AND key = $2', [kind, key])
  return rows[0]?.body
}
