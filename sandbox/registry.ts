import type { Express } from 'express'
import type { Pool, PoolClient } from 'pg'
import * as registry from '#contracts/machine/registry.ts'
import { wireText, type QuestionOf, type ResultOf } from '#contracts/machine/message.ts'
import type { Behaviour, CertificateFlaw } from '#contracts/machine/sandbox.ts'
import { filingOf, homeOf, homesOwnedBy } from './records.ts'
import { Refused, serve, type World } from './serve.ts'
import { inTransaction } from './transaction.ts'

/** The real estate registry: homes, filed contracts, encumbrances, and registration of mortgages that takes its time. */
export function mountRegistry(app: Express, world: World): void {
  const { pool } = world
  serve(app, world, registry.homesOfFamily, async ({ place, persons }) => {
    const subjects = persons.map((person) => person.idNumber)
    const homes = await homesOwnedBy(pool, subjects, place)
    const registered = homes.filter(({ knownTo }) => knownTo.includes('registry'))
    return { place, subjects, homes: registered.map(({ seizures: _, mortgages: __, knownTo: ___, ...home }) => home) }
  })
  serve(app, world, registry.filedContract, async ({ filingNo }): Promise<ResultOf<typeof registry.filedContract>> => {
    const filing = await filingOf(pool, filingNo)
    return filing ? { state: 'FOUND', filing } : { state: 'NOT_FOUND', filingNo }
  })
  serve(app, world, registry.encumbrancesOfHome, ({ homeNo }) => encumbrances(pool, homeNo))
  serve(app, world, registry.submitMortgage, (question, behaviour) => submit(pool, question, behaviour))
  serve(app, world, registry.queryMortgage, (question) => query(pool, question))
  serve(app, world, registry.readCertificate, (question, behaviour) =>
    certificate(pool, question, behaviour?.kind === 'certificate' ? behaviour.flaw : undefined),
  )
}

interface MortgageRow {
  readonly application_no: string
  readonly terms: string
  readonly home_no: string
  readonly amount_fen: string
  readonly mortgagee: string
  readonly kind: 'PRE_NOTICE' | 'MORTGAGE'
  readonly registered_on: string | null
  readonly returned: string | null
  readonly queries: number
  readonly ready_after_queries: number
}

/** Loaded encumbrances and the mortgages registered here since. A home nobody loaded is a new building: nothing stands on it yet. */
async function encumbrances(pool: Pool, homeNo: string): Promise<ResultOf<typeof registry.encumbrancesOfHome>> {
  const home = await homeOf(pool, homeNo)
  const { rows } = await pool.query<MortgageRow>(
    'SELECT * FROM sandbox.mortgage WHERE home_no = $1 AND registered_on IS NOT NULL ORDER BY application_no',
    [homeNo],
  )
  const registered = rows.map((row) => ({
    mortgagee: row.mortgagee,
    amountFen: row.amount_fen,
    registeredOn: row.registered_on,
    kind: row.kind,
  }))
  const ours = registry.encumbranceRecord.array().parse(registered)
  return { homeNo, seizures: home?.seizures ?? [], mortgages: [...(home?.mortgages ?? []), ...ours] }
}

async function submit(
  pool: Pool,
  question: QuestionOf<typeof registry.submitMortgage>,
  behaviour: Behaviour | undefined,
): Promise<registry.MortgageState | Refused> {
  const { applicationNo, homeNo, amountFen, kind, contractNo, mortgagee, owners } = question
  const terms = wireText([homeNo, amountFen, kind, contractNo, mortgagee, owners])
  const home = await homeOf(pool, homeNo)
  const returned = behaviour?.kind === 'returned' ? 'PAPERS_INCOMPLETE' : home && home.seizures.length > 0 ? 'HOME_SEIZED' : null
  // A registry never registers while one waits: the first query is the earliest.
  const readyAfter = behaviour?.kind === 'late' ? (behaviour.queries ?? 1) : 0
  return inTransaction(pool, async (client) => {
    await client.query(
      `INSERT INTO sandbox.mortgage (application_no, terms, home_no, amount_fen, kind, returned, ready_after_queries, mortgagee)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (application_no) DO NOTHING`,
      [applicationNo, terms, homeNo, amountFen.toString(), kind, returned, readyAfter, mortgagee],
    )
    const row = await lockMortgage(client, applicationNo)
    return row?.terms === terms ? stateOf(row) : new Refused('KEY_REUSED')
  })
}

async function query(pool: Pool, question: QuestionOf<typeof registry.queryMortgage>): Promise<registry.MortgageState> {
  return inTransaction(pool, async (client) => {
    const row = await lockMortgage(client, question.applicationNo)
    if (!row) return { state: 'NOT_FOUND', applicationNo: question.applicationNo }
    const ready = row.returned === null && row.queries >= row.ready_after_queries
    const registeredOn = row.registered_on ?? (ready ? question.businessDate : null)
    await client.query('UPDATE sandbox.mortgage SET queries = queries + 1, registered_on = $2 WHERE application_no = $1', [
      row.application_no,
      registeredOn,
    ])
    if (registeredOn) await putCertificate(client, certificateOf(row, registeredOn))
    return stateOf({ ...row, registered_on: registeredOn })
  })
}

/** What the registry has under a number, registered here or at its counter; a number it never gave is not found. A flaw is told once. */
async function certificate(
  pool: Pool,
  { certificateNo }: QuestionOf<typeof registry.readCertificate>,
  flaw: CertificateFlaw | undefined,
): Promise<ResultOf<typeof registry.readCertificate>> {
  const { rows } = await pool.query<{
    home_no: string
    amount_fen: string
    mortgagee: string
    registered_on: string
    state: 'EFFECTIVE' | 'CANCELLED'
  }>('SELECT * FROM sandbox.certificate WHERE certificate_no = $1', [certificateNo])
  const [row] = rows
  if (!row || flaw === 'NOT_REGISTERED') return { state: 'NOT_FOUND', certificateNo }
  const kept = {
    certificateNo,
    homeNo: row.home_no,
    amountFen: row.amount_fen,
    mortgagee: row.mortgagee,
    registeredOn: row.registered_on,
    state: row.state,
  }
  return { state: 'FOUND', certificate: registry.mortgageCertificate.parse(flaw ? FLAWS[flaw](kept) : kept) }
}

/** Enters a registered mortgage; entered again, it is as it was entered last. */
export async function putCertificate(client: Pool | PoolClient, one: registry.MortgageCertificate): Promise<void> {
  await client.query(
    `INSERT INTO sandbox.certificate (certificate_no, home_no, amount_fen, mortgagee, registered_on, state) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (certificate_no) DO UPDATE SET home_no = $2, amount_fen = $3, mortgagee = $4, registered_on = $5, state = $6`,
    [one.certificateNo, one.homeNo, one.amountFen.toString(), one.mortgagee, one.registeredOn, one.state],
  )
}

/** The certificate of an application that was registered through the interface. */
const certificateOf = (row: MortgageRow, registeredOn: string): registry.MortgageCertificate =>
  registry.mortgageCertificate.parse({
    certificateNo: certificateNoOf(row.application_no),
    homeNo: row.home_no,
    amountFen: row.amount_fen,
    mortgagee: row.mortgagee,
    registeredOn,
    state: 'EFFECTIVE',
  })

const certificateNoOf = (applicationNo: string): string => `M-${applicationNo}`

type Certificate = registry.MortgageCertificateText
const FLAWS: Readonly<Record<Exclude<CertificateFlaw, 'NOT_REGISTERED'>, (kept: Certificate) => Certificate>> = {
  OTHER_AMOUNT: (kept) => ({ ...kept, amountFen: `${kept.amountFen}0` }),
  OTHER_HOME: (kept) => ({ ...kept, homeNo: `${kept.homeNo}-2` }),
  OTHER_HOLDER: (kept) => ({ ...kept, mortgagee: '江南商业银行（虚构）' }),
  CANCELLED: (kept) => ({ ...kept, state: 'CANCELLED' }),
}

async function lockMortgage(client: PoolClient, applicationNo: string): Promise<MortgageRow | undefined> {
  const { rows } = await client.query<MortgageRow>('SELECT * FROM sandbox.mortgage WHERE application_no = $1 FOR UPDATE', [applicationNo])
  return rows[0]
}

function stateOf(row: MortgageRow): registry.MortgageState {
  const applicationNo = row.application_no
  const state = row.returned !== null ? 'RETURNED' : row.registered_on !== null ? 'REGISTERED' : 'RECEIVED'
  const terms = {
    homeNo: row.home_no,
    amountFen: row.amount_fen,
    certificateNo: certificateNoOf(applicationNo),
    registeredOn: row.registered_on,
  }
  return registry.mortgageState.parse({ state, applicationNo, ...terms, reason: row.returned })
}
