import { addFen, fen, formatYuan, ZERO_FEN } from '#contracts/money.ts'
import type { Instalment, RepaymentPlan } from './input.ts'
import { gridTable, paragraph, termsTable, type Template } from './layout.ts'
import { amountText, dateText, termText } from './wording.ts'

/** 还款计划: what is due on which day, with totals. @throws Error when the instalments do not pay the principal down to zero. */
export function repaymentPlan(input: RepaymentPlan): Template {
  const { instalments } = input
  refuseUnbalanced(input)
  const principalFen = addFen(...instalments.map((instalment) => instalment.principalFen))
  const interestFen = addFen(...instalments.map((instalment) => instalment.interestFen))
  return {
    title: '还款计划',
    body: [
      paragraph(`你的住房公积金个人住房贷款已于${dateText(input.disbursedOn)}发放，还款计划如下：`),
      termsTable([
        ['借款合同编号', input.contractNumber],
        ['借款人', input.borrower],
        ['贷款本金', amountText(input.principalFen)],
        ['贷款期限', termText(instalments.length)],
        ['年利率', `${input.annualRatePercent}%`],
        ['还款方式', input.repaymentMethod],
        ['还款账户', input.repaymentAccountMasked],
        ['利息合计', amountText(interestFen)],
      ]),
      gridTable(
        [
          { title: '期次', width: 34, alignment: 'center' },
          { title: '还款日', width: 74, alignment: 'center' },
          { title: '应还本金（元）', width: '*', alignment: 'right' },
          { title: '应还利息（元）', width: '*', alignment: 'right' },
          { title: '应还合计（元）', width: '*', alignment: 'right' },
          { title: '剩余本金（元）', width: '*', alignment: 'right' },
        ],
        instalments.map(rowOf),
        ['合计', '', formatYuan(principalFen), formatYuan(interestFen), formatYuan(addFen(principalFen, interestFen)), ''],
      ),
    ],
    closing: ['请在每期还款日前将足额款项存入还款账户。贷款利率调整、提前还款或者变更还款方式的，以届时重新出具的还款计划为准。'],
    signatures: ['借款人（签名）', '经办人（签名）'],
  }
}

const rowOf = ({ period, dueOn, principalFen, interestFen, balanceFen }: Instalment): string[] => [
  String(period),
  dueOn,
  formatYuan(principalFen),
  formatYuan(interestFen),
  formatYuan(addFen(principalFen, interestFen)),
  formatYuan(balanceFen),
]

/** The plan is worked out by the rules; the paper only refuses to sign its name under one that is visibly wrong. */
function refuseUnbalanced({ principalFen, instalments }: RepaymentPlan): void {
  let balanceFen = principalFen
  for (const [index, instalment] of instalments.entries()) {
    balanceFen = fen(balanceFen - instalment.principalFen)
    if (instalment.period !== index + 1 || instalment.balanceFen !== balanceFen) {
      throw new Error(`instalment ${instalment.period} of the repayment plan does not follow from the one before`)
    }
  }
  if (balanceFen !== ZERO_FEN) throw new Error('the repayment plan does not pay the loan back')
}
