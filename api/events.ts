import type { Express, Response } from 'express'
import { forSql } from '#db/connect.ts'
import { sessionHolds } from '#db/write/sessions.ts'
import { readAs } from './mount.ts'
import type { ApiParts, SignedIn } from './parts.ts'
import { refuse } from './problems.ts'
import { readSession } from './session.ts'

const POLL_MILLISECONDS = 500
const COMMENT_MILLISECONDS = 15_000
/** A stream outlives the session it began with by no more than this. */
const CHECK_MILLISECONDS = 2_000
const BATCH = 200

interface Listener {
  readonly me: SignedIn
  readonly res: Response
  last: bigint
  said: number
  checked: number
}

/**
 * `GET /api/events`: one stream per person, ids and versions only. Each listener's events are read in their own context, so nobody hears of
 * a case they may not see. Events are rows: whichever API process a person is connected to, they hear the same, and `Last-Event-ID` resumes.
 * The ids are sealed: rows are numbered through all cases, and a number left out would tell that something happened in one of the others.
 * @returns a function that ends all streams
 */
export function mountEvents(app: Express, parts: ApiParts): () => void {
  const listeners = new Set<Listener>()

  app.get('/api/events', async (req, res) => {
    const me = await readSession(parts, req)
    if (!me) throw refuse('NOT_SIGNED_IN')
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
      Connection: 'keep-alive',
    })
    res.write('retry: 5000\n\n')
    const listener: Listener = {
      me,
      res,
      last: positionIn(parts, req.headers['last-event-id']) ?? (await newest(parts)),
      said: parts.clock.nowMs(),
      checked: parts.clock.nowMs(),
    }
    listeners.add(listener)
    res.on('close', () => listeners.delete(listener))
  })

  let seen = 0n
  let running = false
  const tick = async (): Promise<void> => {
    if (running || listeners.size === 0) return
    running = true
    try {
      const now = await newest(parts)
      await endRevoked(parts, listeners)
      const waiting = [...listeners].filter((listener) => listener.last < now)
      if (now > seen || waiting.length > 0) await Promise.all(waiting.map((listener) => tell(parts, listener)))
      seen = now
      for (const listener of listeners) keepAlive(parts, listener)
    } catch (error) {
      parts.log.warn({ err: error }, 'events could not be read')
    } finally {
      running = false
    }
  }
  const timer = setInterval(() => void tick(), POLL_MILLISECONDS)
  return () => {
    clearInterval(timer)
    for (const { res } of listeners) res.end()
  }
}

/** Who was signed out, locked or given other rights hears no more; the console signs in again and gets a stream with the rights of now. */
async function endRevoked(parts: ApiParts, listeners: Set<Listener>): Promise<void> {
  const due = [...listeners].filter((listener) => parts.clock.nowMs() - listener.checked >= CHECK_MILLISECONDS)
  for (const listener of due) {
    listener.checked = parts.clock.nowMs()
    if (await sessionHolds(parts.desk, listener.me.tokenHash, parts.session.idleMinutes)) continue
    listeners.delete(listener)
    listener.res.end()
  }
}

const positionText = (parts: ApiParts, eventId: bigint): string => parts.vault.seal(`event/${eventId}`).toString('base64url')

/** Where a stream broke off; undefined for whatever is not an id of ours. */
function positionIn(parts: ApiParts, id: string | string[] | undefined): bigint | undefined {
  if (typeof id !== 'string' || id.length > 200) return undefined
  try {
    const [, eventId] = /^event\/(\d{1,18})$/.exec(parts.vault.open(Buffer.from(id, 'base64url'))) ?? []
    return eventId === undefined ? undefined : BigInt(eventId)
  } catch {
    return undefined
  }
}

async function newest(parts: ApiParts): Promise<bigint> {
  const row = await parts.desk
    .selectFrom('case_event')
    .select((eb) => eb.fn.max('event_id').as('newest'))
    .executeTakeFirst()
  return row?.newest ?? 0n
}

async function tell(parts: ApiParts, listener: Listener): Promise<void> {
  const events = await readAs(parts.reader, listener.me, (db) =>
    forSql(db)
      .selectFrom('case_event')
      .select(['event_id', 'case_id', 'kind', 'stage_version'])
      .where('event_id', '>', listener.last)
      .orderBy('event_id')
      .limit(BATCH)
      .execute(),
  )
  for (const event of events) {
    const data = JSON.stringify({ caseId: event.case_id, kind: event.kind, stageVersion: event.stage_version })
    listener.res.write(`id: ${positionText(parts, event.event_id)}\nevent: case\ndata: ${data}\n\n`)
    listener.said = parts.clock.nowMs()
  }
  const last = events.at(-1)
  listener.last = events.length === BATCH && last ? last.event_id : await newest(parts)
}

function keepAlive(parts: ApiParts, listener: Listener): void {
  if (parts.clock.nowMs() - listener.said < COMMENT_MILLISECONDS) return
  listener.res.write(': still here\n\n')
  listener.said = parts.clock.nowMs()
}
