import type { Express } from 'express'
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { NOT_READY, readGauges, readReadiness, type Readiness } from '#db/read/health.ts'
import type { ApiParts } from './parts.ts'

/** What Node tells of the process. It has one set of timers and observers for that, however many APIs are made in it. */
const ofProcess = new Registry()
collectDefaultMetrics({ register: ofProcess })

/** What is asked whether it is there. */
export interface HealthParts extends Pick<ApiParts, 'desk'> {
  readonly engine: Pick<ApiParts['engine'], 'isUp'>
}

/**
 * `/healthz`: the process answers. `/readyz`: database, engine, clock and the calendar of this business year are there. `/metrics`: what an
 * operator watches. None needs a session, none tells a version or anything of a person.
 */
export function mountHealth(app: Express, parts: HealthParts): void {
  const ofHouse = new Registry()
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [ofHouse] })
  const gauges = {
    open: gauge('anju_open_cases', 'Open cases'),
    overdue: gauge('anju_overdue_tasks', 'Open tasks past their due date'),
    behind: gauge('anju_engine_behind', 'Cases whose record is ahead of the engine'),
    waiting: gauge('anju_outbox_waiting', 'Outbox rows not yet sent'),
    parked: gauge('anju_outbox_parked', 'Outbox rows parked after repeated failures'),
    unknown: gauge('anju_payments_unknown', 'Payments whose result is unknown'),
    again: gauge('anju_second_notices', 'Notices of what is missing beyond the first of a case, which need a reason'),
    incidents: gauge('anju_incidents_open', 'Open incidents'),
  }
  const registry = Registry.merge([ofProcess, ofHouse])

  app.get('/healthz', (_req, res) => void res.json({ ok: true }))

  app.get('/readyz', async (_req, res) => {
    const [database, engine] = await Promise.all([readyDatabase(parts), parts.engine.isUp()])
    const ready = database.clock && database.calendar && engine
    res.status(ready ? 200 : 503).json({ ready, ...database, engine })
  })

  app.get('/metrics', async (_req, res) => {
    const row = await readGauges(parts.desk)
    for (const [name, one] of Object.entries(gauges)) one.set(row[name] ?? 0)
    res.type(registry.contentType).send(await registry.metrics())
  })
}

async function readyDatabase(parts: HealthParts): Promise<Readiness & { database: boolean }> {
  try {
    return { database: true, ...(await readReadiness(parts.desk)) }
  } catch {
    return { database: false, ...NOT_READY }
  }
}
