import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { inject } from 'vitest'
import { settleDue } from '#activities/case/deadlines.ts'
import { decideCase } from '#activities/case/decide.ts'
import { closePayment } from '#activities/loan/payment.ts'
import type { Parts } from '#activities/parts.ts'
import { newCounterpartKeys, readPublicKeys } from '#activities/ports/keys.ts'
import { createPorts } from '#activities/ports/ports.ts'
import type { StoredAnswer } from '#contracts/cases.ts'
import { stepGroupOf } from '#rules/cases/may-act.ts'
import { POST_LEVEL } from '#rules/cases/post-level.ts'
import { stageTables } from '#rules/cases/stage-tables.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import { connect, type Db } from '../connect.ts'
import { businessTime } from '../read/time.ts'
import { seedCity } from '../seed/city.ts'
import { createVault } from '../vault.ts'
import { lockCase } from '../write/cases.ts'
import { receiveCommand } from '../write/commands.ts'
import { learnPayment } from '../write/payments.ts'
import { stageRows } from './stages.ts'

export const stages = stageRows(stageTables, { levelOf: POST_LEVEL, groupOf: stepGroupOf })

/** A small city in which, besides its history, people have decided, one was refused, and a loan has been paid out: then all is quiet. */
export interface BusyCity {
  readonly database: TestDatabase
  readonly owner: Db
  readonly work: Db
  /** May do what nobody else may: what a database administrator could. One connection. */
  readonly superuser: Db
  /** The cases in which that happened. */
  readonly decidedCase: string
  /** Where one of two signers has signed. */
  readonly signedCase: string
  readonly paidCase: string
  end(): Promise<void>
}

export async function busyCity(): Promise<BusyCity> {
  const database = await testDatabase()
  const owner = connect(database.ownerUrl, { max: 3 })
  const work = connect(database.workUrl, { max: 4 })
  const superuser = connect(superuserUrlOf(database), { max: 1 })
  const vault = createVault({ dataKey: Buffer.alloc(32, 1), hashKey: Buffer.alloc(32, 2) })
  const parts: Parts = { db: work, vault, ports: nobodyOutside() }
  await seedCity(owner, vault, { contributors: 200, olderLoans: 60, openCases: 48 })
  const decidedCase = await caseIn(owner, 'PRELIM_REVIEW')
  await act(parts, decidedCase, { action: 'pass' })
  await act(parts, decidedCase, { action: 'pass', version: 1, refused: true })
  const signedCase = await caseIn(owner, 'SIGNED', 2)
  await act(parts, signedCase, { action: 'confirm' })
  const paidCase = await caseIn(owner, 'RELEASE_REQUESTED')
  await checkedToday(owner, paidCase)
  await payOut(parts, paidCase)
  await comeToRest(parts)
  return {
    database,
    owner,
    work,
    superuser,
    decidedCase,
    signedCase,
    paidCase,
    end: async () => {
      await Promise.all([owner.destroy(), work.destroy(), superuser.destroy()])
      await database.drop()
    },
  }
}

function superuserUrlOf({ ownerUrl }: TestDatabase): string {
  const url = new URL(inject('postgres').superuserUrl)
  url.pathname = new URL(ownerUrl).pathname
  return url.href
}

/** Ports that lead nowhere: what happens here asks nobody outside. */
function nobodyOutside(): Parts['ports'] {
  const nowhere = 'http://127.0.0.1:9'
  return createPorts({
    urls: {
      registry: nowhere,
      housing: nowhere,
      credit: nowhere,
      civil: nowhere,
      cities: nowhere,
      bank: nowhere,
      guarantor: nowhere,
      messages: nowhere,
    },
    key: generateKeyPairSync('ed25519').privateKey,
    keyId: 'anju',
    peerKeys: readPublicKeys(newCounterpartKeys().publicKeys),
    nowMs: () => 0,
  })
}

/** The first case of a stage in which so many are awaited. */
const caseIn = async (db: Db, stage: string, awaited = 1): Promise<string> =>
  (
    await db
      .selectFrom('case_file')
      .select('case_id')
      .where('stage', '=', stage)
      .where((eb) =>
        eb(
          eb
            .selectFrom('task')
            .select((inner) => inner.fn.countAll<number>().as('n'))
            .whereRef('task.case_id', '=', 'case_file.case_id')
            .where('state', '=', 'OPEN'),
          '=',
          awaited,
        ),
      )
      .orderBy('case_number')
      .limit(1)
      .executeTakeFirstOrThrow()
  ).case_id

/** Decides as the first holder of the awaited post who may: the API's receipt and the engine's activity, without the engine. */
async function act(
  parts: Parts,
  caseId: string,
  { action, version, refused }: { action: string; version?: number; refused?: true },
): Promise<void> {
  const { db } = parts
  const kase = await db.selectFrom('case_file').selectAll().where('case_id', '=', caseId).executeTakeFirstOrThrow()
  const holders = await db
    .selectFrom('task')
    .innerJoin('staff_post', (join) => join.onRef('staff_post.post', '=', 'task.post').onRef('staff_post.org_id', '=', 'task.org_id'))
    .select('staff_post.staff_id')
    .where('task.case_id', '=', caseId)
    .where('task.state', '=', 'OPEN')
    .orderBy('staff_post.staff_id')
    .execute()
  for (const { staff_id: actorId } of holders) {
    const commandId = randomUUID()
    await receiveCommand(db, {
      commandId,
      actorId,
      key: commandId,
      bodyHash: commandId,
      caseId,
      action,
      expectedVersion: version ?? kase.stage_version,
      body: { action, opinion: '同意' },
      steppedUp: true,
    })
    const { answer } = await decideCase(db, parts, caseId, commandId)
    if (!!refused === 'refused' in answer) return
    if (refused) throw new Error(`${action} was not refused`)
    lastRefusal = answer
  }
  throw new Error(`nobody could ${action}: ${JSON.stringify(lastRefusal)}`)
}
let lastRefusal: StoredAnswer | undefined

/** Money moves on what was checked the same day; the sources that would be asked are not there. */
const checkedToday = (db: Db, caseId: string) =>
  db
    .updateTable('verdict')
    .set({ made_at: sql<string>`business_now()` })
    .where('case_id', '=', caseId)
    .where('kind', '=', 'RELEASE_CHECK')
    .execute()

async function payOut(parts: Parts, caseId: string): Promise<void> {
  await act(parts, caseId, { action: 'pay' })
  const { payment_id: paymentId } = await parts.db
    .selectFrom('payment')
    .select('payment_id')
    .where('case_id', '=', caseId)
    .executeTakeFirstOrThrow()
  const learn = (news: Parameters<typeof learnPayment>[2]) => parts.db.transaction().execute((tx) => learnPayment(tx, paymentId, news))
  await learn({ state: 'SENT', source: 'submit', detail: '已发送银行' })
  await learn({
    state: 'SUCCEEDED',
    source: 'query',
    detail: '银行流水 B1',
    bankReference: 'B1',
    bookedOn: (await businessTime(parts.db)).today,
  })
  await closePayment(parts, caseId)
}

/** Lets everything that is due fall due, and the messages leave. */
async function comeToRest({ db }: Parts): Promise<void> {
  const open = await db.selectFrom('case_file').select('case_id').where('open', '=', true).execute()
  for (const { case_id: caseId } of open) {
    await db.transaction().execute(async (tx) => {
      const kase = await lockCase(tx, caseId)
      if (kase) await settleDue(tx, kase)
    })
  }
  await db.updateTable('outbox').set({ state: 'SENT' }).where('state', '=', 'WAITING').execute()
}
