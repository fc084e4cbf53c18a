import type { Insertable } from 'kysely'
import { plainDate, type PlainDate } from '#contracts/dates.ts'
import { addFen, divideDown, divideHalfUp, fen, subtractFen, ZERO_FEN, type Fen } from '#contracts/money.ts'
import { bankAccountIdOf } from '../ledger-accounts.ts'
import type { LedgerBalanceTable, PostingTable, VoucherTable } from '../tables.ts'
import type { BookLoan } from './book.ts'
import type { Contributor } from './contributors.ts'
import { BANKS, BRANCHES, CENTRES, type Branch } from './orgs.ts'
import type { Random } from './random.ts'

type Entity = Branch['entity']

/** The books are opened on the last working day before the demo. */
const OPENED_ON: PlainDate = plainDate('2025-10-31')

/** Paid in by units and not yet allocated to persons: with it, even a city of fifty contributors can pay out a loan. */
const UNALLOCATED_PER_BANK_FEN = fen(800_000_000n)

export interface OpeningBooks {
  readonly vouchers: readonly Insertable<VoucherTable>[]
  readonly postings: readonly Insertable<PostingTable>[]
  readonly balances: readonly Insertable<LedgerBalanceTable>[]
}

/** Opening vouchers (建账) of both entities: contributors' balances, loans, unallocated money, reserve and surplus, and the cash behind them. */
export function openBooks(contributors: readonly Contributor[], loans: readonly BookLoan[], random: Random): OpeningBooks {
  const parts = (['xinxiang', 'changyuan'] as const).flatMap((entity) => {
    const business = businessLines(entity, contributors, loans)
    const lentFen = addFen(...loans.filter((loan) => loan.branch.entity === entity).map((loan) => loan.balanceFen))
    return [
      voucherOf(entity, 1, '建账：缴存余额、委托贷款与存款', business, random),
      voucherOf(entity, 2, '建账：贷款风险准备与增值收益', surplusLines(entity, lentFen), random),
    ]
  })
  const postings = parts.flatMap((part) => part.postings)
  // A small city may have lent nothing, and an empty voucher is none.
  return { vouchers: parts.filter((part) => part.postings.length > 0).map((part) => part.voucher), postings, balances: balancesOf(parts) }
}

interface Line {
  readonly ledgerCode: string
  readonly subAccount: string
  /** Positive is debit. */
  readonly amountFen: Fen
}

function businessLines(entity: Entity, contributors: readonly Contributor[], loans: readonly BookLoan[]): Line[] {
  const banks = BANKS.filter((bank) => bank.entity === entity)
  const sum = <T>(rows: readonly T[], amount: (row: T) => Fen): Fen => addFen(...rows.map(amount))
  const ofBranch = (branch: Branch) =>
    sum(
      contributors.filter((one) => one.unit.branch === branch),
      (one) => one.balanceFen,
    )
  const deposits = BRANCHES.filter((branch) => branch.entity === entity).map((branch) => ({
    ledgerCode: '201',
    subAccount: branch.orgId,
    amountFen: fen(-ofBranch(branch)),
  }))
  const lent = banks.flatMap((bank) => {
    const own = loans.filter((loan) => loan.bankOrgId === bank.orgId)
    return [
      { ledgerCode: '12101', subAccount: bank.orgId, amountFen: sum(own, (loan) => subtractFen(loan.balanceFen, loan.overdueFen)) },
      { ledgerCode: '12201', subAccount: bank.orgId, amountFen: sum(own, (loan) => loan.overdueFen) },
    ]
  })
  const unallocated = { ledgerCode: '21901', subAccount: CENTRES[entity], amountFen: fen(-UNALLOCATED_PER_BANK_FEN * BigInt(banks.length)) }
  const cashFen = fen(-sum([...deposits, ...lent, unallocated], (line) => line.amountFen))
  const eachFen = fen(divideDown(cashFen, BigInt(banks.length)))
  const cash = banks.map((bank, index) => ({
    ledgerCode: '10101',
    subAccount: bankAccountIdOf('10101', bank.orgId),
    amountFen: index === 0 ? subtractFen(cashFen, fen(eachFen * BigInt(banks.length - 1))) : eachFen,
  }))
  return [...cash, ...lent, ...deposits, unallocated]
}

/** A reserve of one percent of the loans, and twice as much of surplus, lying in the surplus account. */
function surplusLines(entity: Entity, lentFen: Fen): Line[] {
  const reserveFen = fen(divideHalfUp(lentFen, 100n))
  const surplusFen = fen(2n * reserveFen)
  const bank = BANKS.find((one) => one.entity === entity)
  if (!bank) throw new Error(`${entity} has no bank`)
  return [
    { ledgerCode: '10201', subAccount: bankAccountIdOf('10201', bank.orgId), amountFen: addFen(reserveFen, surplusFen) },
    { ledgerCode: '30101', subAccount: CENTRES[entity], amountFen: fen(-reserveFen) },
    { ledgerCode: '311', subAccount: CENTRES[entity], amountFen: fen(-surplusFen) },
  ]
}

interface Part {
  readonly entity: Entity
  readonly voucher: Insertable<VoucherTable>
  readonly postings: readonly Insertable<PostingTable>[]
}

function voucherOf(entity: Entity, number: number, summary: string, lines: readonly Line[], random: Random): Part {
  const voucherId = random.uuid()
  const orgId = CENTRES[entity]
  const voucher = {
    voucher_id: voucherId,
    voucher_number: `建账-${entity === 'xinxiang' ? '新' : '长'}-${String(number).padStart(3, '0')}`,
    org_id: orgId,
    reporting_entity: entity,
    booked_on: OPENED_ON,
    kind: 'OPENING',
    case_id: null,
    reverses: null,
    summary,
    made_by: null,
    source_key: `opening/${entity}/${number}`,
  }
  const postings = lines
    .filter((line) => line.amountFen !== ZERO_FEN)
    .map((line, index) => ({
      voucher_id: voucherId,
      line: index + 1,
      org_id: orgId,
      ledger_code: line.ledgerCode,
      sub_account: line.subAccount,
      amount_fen: line.amountFen,
    }))
  return { entity, voucher, postings }
}

const balancesOf = (parts: readonly Part[]): Insertable<LedgerBalanceTable>[] =>
  parts.flatMap(({ entity, postings }) =>
    postings.map((posting) => ({
      ledger_code: posting.ledger_code,
      sub_account: posting.sub_account,
      reporting_entity: entity,
      amount_fen: posting.amount_fen,
    })),
  )
