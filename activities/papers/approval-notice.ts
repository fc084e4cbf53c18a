import type { ApprovalNotice } from './input.ts'
import { paragraph, termsTable, type Template } from './layout.ts'
import { amountText, dateText, termText } from './wording.ts'

/** 准予贷款通知书: the terms granted, what is still to be done, until when. @throws Error when it names no borrower. */
export function approvalNotice(input: ApprovalNotice): Template {
  if (input.borrowers.length === 0) throw new Error('an approval without a borrower')
  return {
    title: '准予贷款通知书',
    body: [
      paragraph(`你提出的${input.matter}申请，我中心于${dateText(input.acceptedOn)}受理，经审核符合规定，决定准予贷款。贷款主要内容如下：`),
      termsTable([
        ...input.borrowers.map(({ role, name, idNumberMasked }) => [role, `${name}（公民身份号码${idNumberMasked}）`] as const),
        ['房屋坐落', input.property],
        ['贷款金额', amountText(input.amountFen)],
        ['贷款期限', termText(input.termMonths)],
        ['年利率', `${input.annualRatePercent}%`],
        ['还款方式', input.repaymentMethod],
        ['首期还款额', amountText(input.firstInstalmentFen)],
        ['担保方式', input.security],
      ]),
      paragraph('贷款发放前，请办理下列事项：'),
      ...input.conditions.map((condition, index) => paragraph(`${index + 1}．${condition}`)),
    ],
    closing: [
      `本通知书有效期至${dateText(input.validUntil)}。请在有效期内持本通知书和有效身份证件办理签约手续；逾期未办理的，需要重新申请。` +
        '贷款利率遇国家调整的，按国家有关规定和借款合同约定执行。',
      '特此通知。',
    ],
    signatures: ['受送达人（签名）', '送达人（签名）'],
  }
}
