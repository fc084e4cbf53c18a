import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { House } from '../setup/house.ts'

export interface Heard {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  readonly code: string | undefined
}

/** Somebody at the door with the session of one person, or with none; says exactly what the test says and nothing by itself. */
export class Visitor {
  readonly house: House
  readonly name: string
  readonly token: string | undefined

  constructor(house: House, name: string, token: string | undefined) {
    this.house = house
    this.name = name
    this.token = token
  }

  async ask(
    method: string,
    path: string,
    given: { body?: unknown; raw?: BodyInit; headers?: Record<string, string> } = {},
  ): Promise<Heard> {
    const body = given.raw ?? (given.body === undefined ? undefined : JSON.stringify(given.body))
    const answer = await fetch(this.house.origin + path, {
      method,
      headers: {
        Origin: this.house.origin,
        'X-Anju': '1',
        ...(given.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.token ? { Cookie: `__Host-anju=${this.token}` } : {}),
        ...given.headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const text = await answer.text()
    const code = (answer.headers.get('content-type') ?? '').startsWith('application/problem+json')
      ? (JSON.parse(text) as { code: string }).code
      : undefined
    return { status: answer.status, text, headers: answer.headers, code }
  }

  /** With everything a command needs: a fresh key, and a version where one is asked for. */
  command(method: string, path: string, body: unknown, version = 1): Promise<Heard> {
    return this.ask(method, path, { body, headers: { 'Idempotency-Key': randomUUID(), 'If-Match': `"v${version}"` } })
  }
}

/** A session put into the table itself: a crawl of everybody would run into the limit on log-ins. */
export async function visit(house: House, staffNumber: string): Promise<Visitor> {
  const token = randomBytes(32).toString('base64url')
  await sql`insert into session (token_hash, staff_id, expires_at, second_factor)
    select ${createHash('sha256').update(token).digest()}, staff_id, now() + interval '1 hour', true
    from staff where staff_number = ${staffNumber}`.execute(house.owner)
  return new Visitor(house, staffNumber, token)
}

/** A body as everybody must be told it: the same bytes but for the number of the request. */
export const anonymous = (text: string): string => text.replace(/"request_id":"[^"]*"/, '"request_id":""')

/** Rows of every table, to show that a refused request wrote nothing. */
export async function rowCounts(house: House, except: readonly string[] = []): Promise<Record<string, number>> {
  const { rows: tables } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1`.execute(house.owner)
  const counts: Record<string, number> = {}
  for (const { name } of tables.filter(({ name: one }) => !except.includes(one))) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(name)}`.execute(house.owner)
    counts[name] = rows[0]?.n ?? 0
  }
  return counts
}
