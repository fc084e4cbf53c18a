import type { PlainDate } from '#contracts/dates.ts'
import type { LoanRecord } from '#contracts/loan-record.ts'
import { obstacle, type Obstacle } from '../cases/obstacle.ts'
import { isReasonCode, REASON_CODES } from '../reason-codes.ts'

/** May this action be taken on this loan now? The words of `onlyWhen` in the stage table, against the record. */
export function mayDecideLoan(stage: string, action: string, loan: LoanRecord): Obstacle[] {
  const against = (condition: boolean, text: string): Obstacle[] => (condition ? [obstacle('RULES_REFUSE', text)] : [])
  switch (action) {
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
        `补正期限至${loan.answerDueOn ?? '（送达后起算）'}，尚未届满`,
      )
    case 'approve':
      return [
        ...against(loan.verdict === undefined, '尚无规则结论'),
        ...against(loan.verdict?.outcome === 'refused', '规则结论为不准予；如确需准予，请提请特审'),
        ...against(loan.verdict?.outcome === 'manual' && !loan.manuallyConfirmed, '有数据未能联网核验，且未经人工核验确认'),
      ]
    case 'approve-specially':
      return against(
        loan.verdict?.outcome === 'refused' && !loan.verdict.reasonCodes.every(mayBeLifted),
        '存在法律禁止突破的理由，特审亦不得准予',
      )
    case 'confirm':
      return stage === 'MORTGAGE_DOUBTED'
        ? against(!loan.mortgageUnanswered, '登记机构的答复与合同不符，须退回权证岗更正，或者重新查询')
        : []
    case 'confirm-release':
      return against(!loan.heldForSilenceOnly, '放款前复核发现的变化须重新复核、重新审批或者作废')
    case 'sign':
      return against(isPast(loan.approvalValidTo, loan.today), `审批已于${loan.approvalValidTo}失效`)
    case 'expire':
      return against(!isPast(loan.approvalValidTo, loan.today), `审批有效期至${loan.approvalValidTo}，尚未届满`)
    default:
      return []
  }
}

/** What refuses and nobody may lift closes the way; an open question closes nothing. */
const mayBeLifted = (code: string): boolean =>
  isReasonCode(code) && (REASON_CODES[code].effect !== 'REFUSE' || REASON_CODES[code].override === 'SPECIAL_APPROVAL')

const isPast = (day: PlainDate | undefined, today: PlainDate): boolean => day !== undefined && today > day
