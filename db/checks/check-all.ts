import { sql } from 'kysely'
import type { Db, Tx } from '../connect.ts'
import { auditChecks, chainViolations } from './audit.ts'
import { caseChecks } from './cases.ts'
import { runCheck, type BankPayment, type Check, type Given } from './check.ts'
import { workflowViolations } from './engine.ts'
import { moneyChecks } from './money.ts'
import { projectionChecks } from './projections.ts'
import type { StageRows } from './stages.ts'
import { verdictViolations, type Replay } from './verdicts.ts'
import { INVARIANTS, type Invariant, type Violation } from './violation.ts'

export interface CheckOptions {
  /** The stage tables of the rules, which the database does not know: `stageRows(stageTables, …)`. */
  readonly stages: StageRows
  /**
   * Nothing is under way: no command runs, the engine has caught up, due deadlines have fired, the outbox is empty. True unless said
   * otherwise; false for a house at work, where what is about to happen by itself is not held against it.
   */
  readonly quiet?: boolean
  /** What the bank has; without it I3 asks only our own books. */
  readonly bankPayments?: readonly BankPayment[]
  /** Workflow ids of everything that runs, `<kind>/<caseId>`; without it I6 is not asked. */
  readonly openWorkflows?: () => Promise<readonly string[]>
  /** Reaches a recorded verdict again; without it I12 asks only whether each verdict agrees with itself. */
  readonly replay?: Replay
  /** Only these invariants. */
  readonly only?: readonly Invariant[]
}

export const CHECKS: readonly Check[] = [...moneyChecks, ...caseChecks, ...auditChecks, ...projectionChecks]

/**
 * Asks the whole database whether what must always be true is true, in one snapshot. Reads only; safe on a house at work with
 * `quiet: false`. Any role that reads every row will do.
 * @returns everything that is not as it must be, in the order of the invariants; empty when all is well
 */
export const checkAll = (db: Db, options: CheckOptions): Promise<Violation[]> =>
  db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => checkWithin(tx, options))

/** The same within a transaction of the caller's, whose isolation decides how steady the picture is. */
export async function checkWithin(tx: Tx, options: CheckOptions): Promise<Violation[]> {
  const { stages, quiet = true, bankPayments, openWorkflows, replay } = options
  const asked = (invariant: Invariant): boolean => options.only?.includes(invariant) ?? true
  const given: Given = { stages, quiet, ...(bankPayments ? { bankPayments } : {}) }
  // The whole book in one question may take longer than an officer's page.
  await sql`set local statement_timeout = 0`.execute(tx)
  const violations: Violation[] = []
  for (const check of CHECKS) if (asked(check.invariant)) violations.push(...(await runCheck(tx, check, given)))
  if (asked('I8')) violations.push(...(await chainViolations(tx)))
  if (asked('I12')) violations.push(...(await verdictViolations(tx, replay)))
  if (openWorkflows && asked('I6')) violations.push(...(await workflowViolations(tx, await openWorkflows(), quiet)))
  const order = Object.keys(INVARIANTS)
  return violations.toSorted((a, b) => order.indexOf(a.invariant) - order.indexOf(b.invariant))
}
