import { sql } from 'kysely'
import type { Db } from '../connect.ts'

/** How long somebody may be away at the identity provider. */
const AWAY_MINUTES = 10

export interface Departure {
  readonly stateHash: Buffer
  readonly browserHash: Buffer
  readonly nonceEnc: Buffer
  readonly verifierEnc: Buffer
  readonly returnTo: string
  readonly sourceHash: Buffer
}

/**
 * Notes that a browser has been sent to the identity provider.
 * @returns seconds to wait when its source has sent too many within the minute; undefined when it is noted
 */
export function openDeparture(db: Db, departure: Departure, perMinuteMax: number): Promise<number | undefined> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('departure'), hashtext(${departure.sourceHash.toString('hex')}))`.execute(tx)
    const { rows } = await departureWaitQuery(departure.sourceHash, perMinuteMax).execute(tx)
    if (rows[0]) return rows[0].seconds
    await sql`delete from oidc_sign_in where expires_at < now() - interval '1 day'`.execute(tx)
    await tx
      .insertInto('oidc_sign_in')
      .values({
        state_hash: departure.stateHash,
        browser_hash: departure.browserHash,
        nonce_enc: departure.nonceEnc,
        verifier_enc: departure.verifierEnc,
        return_to: departure.returnTo,
        source_hash: departure.sourceHash,
        expires_at: sql<string>`now() + make_interval(mins => ${AWAY_MINUTES})`,
        used_at: null,
      })
      .execute()
    return undefined
  })
}

/** The question itself, for the test that looks at its plan. */
export const departureWaitQuery = (sourceHash: Buffer, max: number) => sql<{ seconds: number }>`
  select greatest(1, ceil(extract(epoch from created_at + interval '1 minute' - statement_timestamp())))::int as seconds
  from oidc_sign_in where source_hash = ${sourceHash} and created_at > statement_timestamp() - interval '1 minute'
  order by created_at desc offset ${max - 1} limit 1`

export interface Returned {
  readonly nonceEnc: Buffer
  readonly verifierEnc: Buffer
  readonly returnTo: string
}

/** Takes back what a departure left: once, in time, and only for the browser that left. A state that came with another browser is spent too. */
export async function takeDeparture(db: Db, stateHash: Buffer, browserHash: Buffer): Promise<Returned | undefined> {
  const row = await db
    .updateTable('oidc_sign_in')
    .set({ used_at: sql<string>`now()` })
    .where('state_hash', '=', stateHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<string>`now()`)
    .returning(['browser_hash', 'nonce_enc', 'verifier_enc', 'return_to'])
    .executeTakeFirst()
  if (!row?.browser_hash.equals(browserHash)) return undefined
  return { nonceEnc: row.nonce_enc, verifierEnc: row.verifier_enc, returnTo: row.return_to }
}
