import { setTimeout as sleep } from 'node:timers/promises'
import type { Express, Response } from 'express'
import { hasCome, lookForEvents, NOTHING_SEEN, placeOfNow, readEvents, type Place } from '#db/read/events.ts'
import { inReading } from '#db/transaction.ts'
import { sessionHolds } from '#db/write/sessions.ts'
import type { ApiParts, SignedIn } from './parts.ts'
import { refuse } from './problems.ts'
import { readSession } from './session.ts'

/** The database calls when a case has moved; a call can be lost, so streams are looked after now and then anyhow. */
const LOOK_MILLISECONDS = 1_000
/** Much may happen at once, a whole day's reminders perhaps: nobody's screen is told oftener than this. */
const PAUSE_MILLISECONDS = 100
const COMMENT_MILLISECONDS = 15_000
/** A stream outlives the session it began with by no more than this and a look. */
const CHECK_MILLISECONDS = 2_000
const BATCH = 200
/** A browser sends an id back as a header, and a server takes sixteen kilobytes of those. */
const ID_CHARACTERS_MAX = 8_000

interface Listener {
  readonly me: SignedIn
  readonly res: Response
  place: Place
  /** Is to be told more, or has never been told: asked for even when nothing new has come in. */
  behind: boolean
  said: number
  checked: number
}

/**
 * `GET /api/events`: one stream per person, ids and versions only. Each listener's events are read in their own context, so nobody hears of
 * a case they may not see. Events are rows: whichever API process a person is connected to, they hear the same, and `Last-Event-ID` resumes.
 * None is passed by, also when it is committed after a later one has been told (`db/read/events.ts`).
 * The ids are sealed: rows are numbered through all cases, and a number left out would tell that something happened in one of the others.
 * @returns a function that ends all streams
 */
export function mountEvents(app: Express, parts: ApiParts): () => Promise<void> {
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
      place: await placeToBegin(parts, req.headers['last-event-id']),
      behind: true,
      said: parts.clock.nowMs(),
      checked: parts.clock.nowMs(),
    }
    if (res.destroyed) return
    listeners.add(listener)
    res.on('close', () => listeners.delete(listener))
  })

  let looked = NOTHING_SEEN
  const tellAll = async (): Promise<void> => {
    if (listeners.size === 0) return
    try {
      const { news, now } = await lookForEvents(parts.desk, looked)
      await endRevoked(parts, listeners)
      const waiting = [...listeners].filter(({ behind }) => news || behind)
      await Promise.all(waiting.map((listener) => tell(parts, listener)))
      looked = now
      for (const listener of listeners) keepAlive(parts, listener)
    } catch (error) {
      parts.log.warn({ err: error }, 'events could not be read')
    }
  }
  const look = paced(tellAll, PAUSE_MILLISECONDS)
  const timer = setInterval(look, LOOK_MILLISECONDS)
  const listening = parts.listen(look)
  return () => {
    clearInterval(timer)
    for (const { res } of listeners) res.end()
    return listening.end()
  }
}

/** Does the work when called: at once, or when a pause after the last time is over. Called oftener meanwhile, it is done once. */
function paced(work: () => Promise<void>, pauseMs: number): () => void {
  let [busy, again] = [false, false]
  const run = async (): Promise<void> => {
    busy = true
    do {
      again = false
      await work()
      await sleep(pauseMs, undefined, { ref: false })
    } while (again)
    busy = false
  }
  return () => {
    if (busy) again = true
    else void run()
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

/** Where this stream begins: where it broke off, when what it says is an id of ours; otherwise with what happens from now on. */
async function placeToBegin(parts: ApiParts, id: string | string[] | undefined): Promise<Place> {
  const broken = placeIn(parts, id)
  return broken && (await hasCome(parts.desk, broken)) ? broken : placeOfNow(parts.desk)
}

const idOf = (parts: ApiParts, { seen, within, after }: Place): string =>
  parts.vault.seal(`events/${seen}/${within ?? seen}/${after}`).toString('base64url')

function placeIn(parts: ApiParts, id: string | string[] | undefined): Place | undefined {
  if (typeof id !== 'string' || id.length > ID_CHARACTERS_MAX) return undefined
  try {
    const [, seen, within, after] =
      /^events\/(\d+:\d+:[\d,]*)\/(\d+:\d+:[\d,]*)\/(\d{1,18})$/.exec(parts.vault.open(Buffer.from(id, 'base64url'))) ?? []
    return seen && within && after ? { seen, within, after: BigInt(after) } : undefined
  } catch {
    return undefined
  }
}

async function tell(parts: ApiParts, listener: Listener): Promise<void> {
  const { events, place, more } = await inReading(parts.reader, listener.me, (db) => readEvents(db, listener.place, BATCH))
  for (const event of events) {
    const id = idOf(parts, event.place)
    const data = JSON.stringify({ caseId: event.caseId, kind: event.kind, stageVersion: event.stageVersion })
    // Without an id the browser keeps the one before: whoever comes back is told this once more, and misses nothing.
    listener.res.write(`${id.length > ID_CHARACTERS_MAX ? '' : `id: ${id}\n`}event: case\ndata: ${data}\n\n`)
    listener.said = parts.clock.nowMs()
  }
  listener.place = place
  listener.behind = more
}

function keepAlive(parts: ApiParts, listener: Listener): void {
  if (parts.clock.nowMs() - listener.said < COMMENT_MILLISECONDS) return
  listener.res.write(': still here\n\n')
  listener.said = parts.clock.nowMs()
}
