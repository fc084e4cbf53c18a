import type { Logger } from 'pino'
import { recountCases } from '#activities/case/recount.ts'
import { judgeNotices } from '#activities/loan/bank-news.ts'
import { takeUpFindings } from '#activities/loan/findings.ts'
import { relayMessages } from '#activities/messages.ts'
import type { Parts } from '#activities/parts.ts'
import { relayReceipts } from '#activities/receipts.ts'
import { watchEngine } from '#activities/reconcile.ts'
import { relayOutbox, retryIncidents, wakeCases } from '#activities/relay.ts'
import { carryAgain } from '#api/carry.ts'
import type { CaseEngine } from '#api/engine.ts'
import type { Work } from './relay-loop.ts'

/** What a worker does besides working on cases: everything that is owed by the record and that nobody waits for. */
export function worksOf(parts: Parts, engine: CaseEngine, log: Logger): { relays: readonly Work[]; sweeps: readonly Work[] } {
  const { db } = parts
  const watch: Work = async () => {
    const restarted = await watchEngine(db, engine)
    if (restarted.length > 0) log.warn({ cases: restarted }, 'open cases without a workflow were started again')
    return restarted.length
  }
  return {
    relays: [
      () => relayOutbox(db, engine),
      () => relayMessages(parts),
      () => relayReceipts(parts),
      () => judgeNotices(db),
      () => takeUpFindings(parts),
      () => recountCases(db),
    ],
    sweeps: [() => wakeCases(db, engine), () => retryIncidents(db, engine), () => carryAgain(db, engine), watch],
  }
}
