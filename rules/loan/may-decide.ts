import type { PlainDate } from '#contracts/dates.ts'
import type { LoanRecord } from '#contracts/loan-record.ts'
import { against, type Obstacle } from '../cases/obstacle.ts'
import { isReasonCode, mayBeLifted, REASON_CODES } from '../reason-codes.ts'
import { mayDecideFinding } from './bank-was-right.ts'
import { materialsComplete } from './materials.ts'
import { mayReturnTo, mayVoid } from './may-void.ts'
import { loanStages, type LoanStage } from './stages.ts'

interface Taker {
  readonly persons?: readonly string[]
  readonly to?: string | undefined
}

/**
 * May this action be taken on this loan now? The words of `onlyWhen` in the stage table, against the record.
 * @param by who would take it, whom they act for and where to, as far as that is known
 */
export function mayDecideLoan(stage: string, action: string, loan: LoanRecord, by: Taker = {}): Obstacle[] {
  return [...against(isOpenQuestion(loan, stage, action), BANK_CONTRADICTS), ...ownObstacles(stage, action, loan, by)]
}

function ownObstacles(stage: string, action: string, loan: LoanRecord, by: Taker): Obstacle[] {
  switch (action) {
    case 'accept':
      return [...materialsComplete(loan.filed)]
    case 'pass':
    case 'propose-refusal':
      return stage === 'REVIEW' ? against(loan.openWants > 0, `还有${loan.openWants}项材料待补正，请先发出一次性告知`) : []
    case 'supplement':
      return against(loan.openWants === 0, '没有列出需要补正的材料')
    case 'deliver':
      return against(loan.noticeDelivered, '告知书已登记送达')
    case 'receive':
      return against(!loan.noticeDelivered, '告知书尚未登记送达')
    case 'lapse':
      return against(
        loan.answerDueOn === undefined || loan.today <= loan.answerDueOn,
        loan.noticeDelivered ? `补正期限至${loan.answerDueOn ?? '（未设期限）'}，尚未届满` : '告知书尚未登记送达，补正期限自送达之日起算',
      )
    case 'approve':
      return [
        ...against(loan.verdict === undefined, '尚无规则结论'),
        ...against(loan.verdict?.outcome === 'refused', '规则结论为不准予；如确需准予，请提请特审'),
        ...against(loan.verdict?.outcome === 'manual', unsettled(loan, '请退回初审岗，转人工核验')),
      ]
    case 'approve-specially':
      return [
        ...against(
          loan.verdict?.outcome === 'refused' && loan.verdict.reasonCodes.some(closesTheWay),
          '存在法律禁止突破的理由，特审亦不得准予',
        ),
        ...against(
          loan.verdict !== undefined && loan.verdict.open.length > 0,
          unsettled(loan, '特审不能代替核验，请退回初审岗，转人工核验'),
        ),
      ]
    case 'check-by-hand':
      return against(!loan.verdict || loan.verdict.open.length + loan.verdict.byHand.length === 0, '没有须人工核验的数据')
    case 'confirm':
      if (stage === 'SIGNED')
        return against(loan.signing?.outcome === 'MISMATCHED', `签约核验不符：${loan.signing?.summary ?? ''}；请提出异议退回`)
      return stage === 'MORTGAGE_DOUBTED'
        ? against(!loan.mortgageUnanswered, '登记机构或担保公司的答复与合同不符，须退回权证岗更正，或者重新查询')
        : []
    case 'void':
      return mayVoid(stage, loan, by.persons)
    case 'return':
      return mayReturnTo(stage, by.to, loan)
    case 'confirm-release':
    case 'submit-higher-release':
      return [
        ...against(!loan.heldForSilenceOnly, '放款前复核发现的变化须重新复核、重新审批或者作废'),
        ...against(isStale(loan), `${checkedOn(loan)}，须为当日，请重新复核`),
      ]
    case 'pay':
      return [
        ...against(isStale(loan), `${checkedOn(loan)}，须为划款当日，请先重新复核`),
        ...against(loan.bankDoubt === 'UNJUDGED', '银行对本案划款的通知正在认定，请稍候'),
      ]
    case 'confirm-paid':
    case 'deny-paid':
      return mayDecideFinding('PAID', action === 'confirm-paid', loan.finding, by.persons)
    case 'confirm-returned':
    case 'deny-returned':
      return mayDecideFinding('RETURNED', action === 'confirm-returned', loan.finding, by.persons)
    case 'sign':
      return against(isPast(loan.approvalValidTo, loan.today), `审批已于${loan.approvalValidTo}失效`)
    case 'expire':
      return against(!isPast(loan.approvalValidTo, loan.today), `审批有效期至${loan.approvalValidTo}，尚未届满`)
    default:
      return []
  }
}

const BANK_CONTRADICTS =
  '银行对本案此前划款的说法与记录矛盾，可能已经付款；须由风险管理岗查明并在“异常”中登记结果，此前不得再次划款、重新审批或者终止办理'

/** While nobody knows whether the loan was paid, it is neither paid nor granted anew, nor is its case ended. */
function isOpenQuestion({ bankDoubt }: LoanRecord, stage: string, action: string): boolean {
  if (bankDoubt !== 'CONTRADICTED' || stage === 'PAY_DISPUTED') return false
  const leadsTo: readonly LoanStage[] = loanStages[stage as LoanStage]?.actions[action]?.to ?? []
  return action === 'pay' || action === 'reapprove' || leadsTo.some((to) => loanStages[to].terminal)
}

/** What nobody has found out, each by its name. */
const unsettled = ({ verdict }: LoanRecord, how: string): string => `尚有数据没有查明（${verdict?.open.join('、') ?? ''}）；${how}`

/** What refuses and nobody may lift closes the way; an open question is not lifted but answered, and is asked about apart. */
const closesTheWay = (code: string): boolean => !isReasonCode(code) || (REASON_CODES[code].effect === 'REFUSE' && !mayBeLifted(code))

/** The world goes on after a check: money moves on what is known the same day. */
const isStale = ({ releaseCheckedOn, today }: LoanRecord): boolean => releaseCheckedOn !== today
const checkedOn = ({ releaseCheckedOn }: LoanRecord): string =>
  releaseCheckedOn ? `放款前复核作于${releaseCheckedOn}` : '尚未作放款前复核'

const isPast = (day: PlainDate | undefined, today: PlainDate): boolean => day !== undefined && today > day
