import { REPAYMENT_METHODS } from '#contracts/loan.ts'
import { fen } from '#contracts/money.ts'
import { yuanWords } from '#contracts/yuan-words.ts'
import type { Answer } from '../api/client.ts'
import { useCall } from '../api/use-call.ts'
import { Part } from '../cases/tabs/ApplicationTab.tsx'
import { monthsText, yuan } from '../common/figures.ts'
import { Facts, type Fact } from '../common/Panel.tsx'

type Terms = Answer<'readTerms'>

/** 审批、合同与担保: what was granted, signed and secured. The bank and the guarantor who countersign read it here as well. */
export const TermsFacts = ({ caseId }: { caseId: string }) => {
  const { data } = useCall(['case', caseId, 'terms'], 'readTerms', { params: { caseId } })
  // Before an approval there is nothing to say; what is asked for stands in the application.
  if (!data || data.approvedFen === null) return null
  return (
    <Part title="审批、合同与担保">
      <Facts facts={factsOf(data)} />
    </Part>
  )
}

const factsOf = (terms: Terms): Fact[] => [
  { label: '批准金额', value: money(terms.approvedFen) },
  { label: '批准期限', value: terms.approvedMonths === null ? '' : monthsText(terms.approvedMonths) },
  { label: '年利率', value: percent(terms.approvedRatePercent) },
  { label: '大写', value: terms.approvedFen === null ? '' : yuanWords(fen(BigInt(terms.approvedFen))), wide: true },
  { label: '还款方式', value: methodText(terms.repaymentMethod) },
  { label: '批准日期', value: terms.approvedOn },
  { label: '审批有效期', value: terms.approvalValidTo && `至 ${terms.approvalValidTo}` },
  { label: '受委托银行', value: terms.bankName },
  { label: '担保机构', value: terms.guarantorName ?? '无' },
  { label: '合同编号', value: terms.contractNumber ?? '尚未面签' },
  { label: '签订日期', value: terms.signedOn },
  ...(terms.contractRatePercent === null ? [] : [{ label: '合同写明的年利率', value: percent(terms.contractRatePercent) }]),
  { label: '登记证明号', value: terms.mortgageNumber ?? '尚未登记' },
  { label: '登记日期', value: terms.mortgageOn },
  ...(terms.disbursedFen === null
    ? []
    : [
        { label: '放款金额', value: money(terms.disbursedFen) },
        { label: '放款日期', value: terms.disbursedOn },
        { label: '执行利率', value: percent(terms.disbursedRatePercent) },
      ]),
]

const money = (amount: string | null): string => (amount === null ? '' : `${yuan(amount)} 元`)
/** 2.6000 as the paper prints it, 2.60%. */
const percent = (text: string | null): string => (text === null ? '' : `${text.replace(/(\.\d{2}\d*?)0+$/, '$1')}%`)
const methodText = (method: string): string => Object.entries(REPAYMENT_METHODS).find(([code]) => code === method)?.[1] ?? method
