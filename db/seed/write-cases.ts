import type { Insertable } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import { canonicalJson, sha256Hex, snapshotId } from '../canonical.ts'
import type { Tx } from '../connect.ts'
import type { Database } from '../tables.ts'
import type { Vault } from '../vault.ts'
import { loanAccountRows } from './book.ts'
import { caseRows, CASE_TABLES, type CaseRows, type CaseTable } from './case-rows.ts'
import { doingsOf, NOTHING_DONE } from './doings.ts'
import type { City } from './draw.ts'
import { findingRows } from './findings.ts'
import { incidentsOf } from './incidents.ts'
import { insertRows } from './insert.ts'
import { materialsOf, readSpecimens, specimenRows } from './materials.ts'
import { paperRows } from './papers.ts'
import type { PaymentRows } from './payments.ts'
import { createRandom, type Random } from './random.ts'
import { isKeptWhole, type SeededCase } from './seeded-case.ts'
import { staffChanges, STAFF_CHANGE_TABLES, type StaffChangeRows } from './staff-changes.ts'

/** Writes every case with all that belongs to it; in a city that is lively, what its people did around the open ones as well. */
export async function writeCases(tx: Tx, city: City, vault: Vault, payments: PaymentRows): Promise<void> {
  const cases = [...city.closedCases, ...city.openCases]
  await insertRows(tx, 'policy_snapshot', snapshotRows(cases))
  const random = createRandom(city.seed).fork('case rows')
  const specimens = readSpecimens()
  await insertRows(tx, 'document_content', specimenRows(specimens))
  const doings = city.lastAfternoon
    ? doingsOf(city.openCases, { officers: city.officers, on: city.lastAfternoon, random })
    : new Map<string, never>()
  const rows = cases.map((kase) => {
    const materials = isKeptWhole(kase) ? materialsOf(kase, specimens, random) : { document: [], facts: [] }
    return caseRows(kase, { materials, doings: doings.get(kase.caseId) ?? NOTHING_DONE }, vault, random)
  })
  for (const table of CASE_TABLES) await insertCaseRows(tx, table, rows)
  const { papers, sequences } = paperRows(cases, city.officers, random)
  await insertRows(tx, 'paper', papers)
  await insertRows(
    tx,
    'loan_account',
    loanAccountRows(
      city.loans.map((loan) => ({ ...loan, caseId: city.caseOfLoan.get(loan.loanNumber) ?? null })),
      vault,
    ),
  )
  await insertRows(tx, 'payment', payments.payments)
  await insertRows(tx, 'payment_event', payments.events)
  await insertRows(tx, 'reservation', payments.reservations)
  const { incidents, findings } = findingRows(city.openCases, payments.payments, city.officers, random.fork('findings'))
  await insertRows(tx, 'incident', incidents)
  await insertRows(tx, 'payment_finding', findings)
  const others = city.lastAfternoon ? await writeHouseAffairs(tx, city, city.lastAfternoon, random) : []
  await insertRows(
    tx,
    'number_sequence',
    [...city.sequences, ...sequences, ...others].map(([name, year, last]) => ({ name, year, last_number: last })),
  )
}

/** What the house has to do with itself: rights that change, and incidents. @returns where its own numbers stand */
async function writeHouseAffairs(tx: Tx, city: City, on: PlainDate, random: Random): Promise<City['sequences']> {
  const { rows, sequence } = staffChanges(city.officers, random)
  for (const table of STAFF_CHANGE_TABLES) await insertChangeRows(tx, table, rows)
  const { incident, machine_message } = incidentsOf(city.openCases, city.officers, on, random)
  await insertRows(tx, 'machine_message', machine_message)
  await insertRows(tx, 'incident', incident)
  return [sequence]
}

const insertCaseRows = <T extends CaseTable>(tx: Tx, table: T, rows: readonly CaseRows[]): Promise<void> =>
  insertRows(
    tx,
    table,
    rows.flatMap((one): Insertable<Database[T]>[] => one[table]),
  )

const insertChangeRows = <T extends keyof StaffChangeRows>(tx: Tx, table: T, rows: readonly StaffChangeRows[]): Promise<void> =>
  insertRows(
    tx,
    table,
    rows.flatMap((one): Insertable<Database[T]>[] => one[table]),
  )

function snapshotRows(cases: readonly SeededCase[]): Insertable<Database['policy_snapshot']>[] {
  const accepted = cases.filter(({ walked }) => walked.decisions.some(({ action }) => action === 'accept'))
  const snapshots = new Set([...accepted.map(({ snapshot }) => snapshot), ...cases.flatMap(({ release }) => release ?? [])])
  return [...snapshots].map((snapshot) => {
    const content = canonicalJson(snapshot)
    return { snapshot_id: snapshotId(snapshot), scope: snapshot.scope, as_of: snapshot.date, hash: sha256Hex(content), content }
  })
}
