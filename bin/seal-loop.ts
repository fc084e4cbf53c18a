import type { KeyObject } from 'node:crypto'
import type { Logger } from 'pino'
import { HeadsDisagree, headsFile, publishHeads, sealAudit } from '#activities/seal.ts'
import type { Db } from '#db/connect.ts'
import { keyIdOf } from '#db/seal/head.ts'
import { centreOfNobody, raiseIncident } from '#db/write/incidents.ts'

const PAUSE_MILLISECONDS = 60_000

/**
 * Seals the audit rows every minute and carries the signed heads out of the database. Any number of workers may do this beside one another.
 * Heads that no longer fit what stands outside are nobody's to mend: they go to the incidents page, and nothing is written.
 */
export function runSealing(options: { db: Db; key: KeyObject; headsPath: string | undefined; log: Logger }): { end(): void } {
  const { db, key, headsPath, log } = options
  const round = async (): Promise<void> => {
    try {
      while (await sealAudit(db, key, keyIdOf(key)));
      if (headsPath) await publishHeads(db, headsFile(headsPath))
    } catch (error) {
      if (error instanceof HeadsDisagree) await reportDisagreement(db, error.message)
      else log.warn({ err: error }, 'sealing will be tried again')
    }
  }
  void round()
  const timer = setInterval(() => void round(), PAUSE_MILLISECONDS)
  return { end: () => clearInterval(timer) }
}

const reportDisagreement = (db: Db, detail: string): Promise<void> =>
  db
    .transaction()
    .execute(async (tx) =>
      raiseIncident(tx, { kind: 'AUDIT_HEADS_DISAGREE', caseId: null, orgId: await centreOfNobody(tx), reference: 'audit-heads', detail }),
    )
