import {
  GUARANTEES,
  HOME_KINDS,
  HOME_PLACES,
  HOME_USES,
  MARITAL_STATUSES,
  RECEIVING_ACCOUNTS,
  REPAYMENT_METHODS,
  RETIREMENT_CATEGORIES,
} from '#contracts/loan.ts'
import { fen } from '#contracts/money.ts'
import { yuanWords } from '#contracts/yuan-words.ts'
import { Box } from '@mui/material'
import { useReference } from '../api/use-call.ts'
import { Part } from '../cases/tabs/ApplicationTab.tsx'
import { monthsText, yuan } from '../common/figures.ts'
import { Facts, type Fact } from '../common/Panel.tsx'

/** What was applied for, as the server gives it out: particulars covered. */
export const ApplicationFacts = ({ content, version }: { content: unknown; version: number }) => {
  const { data: reference } = useReference()
  const read = reader(content)
  const bank = reference?.banks.find(({ orgId }) => orgId === read.text('entrustedBankId'))?.name
  const guarantor = reference?.guarantors.find(({ orgId }) => orgId === read.text('guarantee.institutionId'))?.name
  return (
    <Box sx={{ display: 'grid', gap: 2.5 }}>
      <Part title={version > 1 ? `申请（第 ${version} 版）` : '申请'}>
        <Facts
          facts={[
            { label: '申请金额', value: read.money('amountFen') },
            { label: '申请期限', value: read.text('months') && monthsText(Number(read.text('months'))) },
            { label: '还款方式', value: read.word('method', REPAYMENT_METHODS) },
            { label: '大写', value: read.words('amountFen'), wide: true },
            { label: '受委托银行', value: bank },
            { label: '担保方式', value: [read.word('guarantee.kind', GUARANTEES), guarantor].filter(Boolean).join('，') },
            { label: '每月还款日', value: read.text('repaymentDay') && `${read.text('repaymentDay')} 日` },
            { label: '婚姻状况', value: read.word('maritalStatus', MARITAL_STATUSES) },
            { label: '还款卡', value: [read.text('repaymentCard.bankName'), read.text('repaymentCard.number')].filter(Boolean).join(' ') },
            { label: '还款卡户名', value: read.text('repaymentCard.ownerName') },
          ]}
        />
      </Part>
      <Part title="收入与负债">
        <Facts facts={DEBTORS.filter(([path]) => read.text(`${path}.name`)).flatMap(([path, who]) => incomeOf(read, path, who))} />
      </Part>
      <Part title="所购住房">
        <Facts
          facts={[
            { label: '住房类型', value: read.word('home.kind', HOME_KINDS) },
            { label: '用途', value: read.word('home.use', HOME_USES) },
            { label: '建筑面积', value: read.text('home.areaSquareMetres') && `${read.text('home.areaSquareMetres')} 平方米` },
            { label: '所在行政区', value: read.word('home.place', HOME_PLACES) },
            { label: '坐落', value: read.text('home.address'), wide: true },
            { label: '备案号', value: read.text('home.filingNumber') },
            { label: '单元号', value: read.text('home.homeNumber') },
            { label: '建成年份', value: read.text('home.builtYear') },
            { label: '合同总价', value: read.money('home.contractPriceFen') },
            { label: '已付首付款', value: read.money('downPaymentPaidFen') },
            { label: '已提取', value: read.money('withdrawnForHomeFen') },
            { label: '卖方', value: read.text('home.sellerName') },
            {
              label: '收款账户',
              value: [
                read.word('home.receivingAccount.kind', RECEIVING_ACCOUNTS),
                read.text('home.receivingAccount.bankName'),
                read.text('home.receivingAccount.accountNumber'),
                read.text('home.receivingAccount.ownerName'),
              ]
                .filter(Boolean)
                .join('，'),
              wide: true,
            },
          ]}
        />
      </Part>
    </Box>
  )
}

/** Everybody who will owe the loan; the form takes four besides the couple. */
const DEBTORS: readonly (readonly [path: string, who: string])[] = [
  ['borrower', '借款人'],
  ['spouse', '配偶'],
  ...[1, 2, 3, 4].map((no) => [`coBorrowers.${no - 1}`, `共同借款人${no}`] as const),
]

type Reader = ReturnType<typeof reader>

const incomeOf = (read: Reader, path: string, who: string): Fact[] => [
  { label: `${who}单位`, value: read.text(`${path}.employer`) },
  { label: `${who}月收入`, value: read.money(`${path}.monthlyIncomeFen`) },
  { label: `${who}其他月还款`, value: read.money(`${path}.otherMonthlyDebtFen`) },
  { label: `${who}退休年龄类别`, value: read.word(`${path}.retirementCategory`, RETIREMENT_CATEGORIES) },
  { label: `${who}人才类别`, value: read.text(`${path}.talentClass`) ? `第 ${read.text(`${path}.talentClass`)} 类` : '不是高层次人才' },
]

/** Reads a stored application by path; what is not there reads as nothing. */
function reader(content: unknown) {
  const text = (path: string): string => {
    const value = path
      .split('.')
      .reduce<unknown>(
        (here, step) => (typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[step] : undefined),
        content,
      )
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }
  const isFen = (value: string): boolean => /^\d{1,15}$/.test(value)
  return {
    text,
    money: (path: string): string => (isFen(text(path)) ? `${yuan(text(path))} 元` : ''),
    words: (path: string): string => (isFen(text(path)) ? yuanWords(fen(BigInt(text(path)))) : ''),
    word: (path: string, words: Readonly<Record<string, string>>): string => words[text(path)] ?? text(path),
  }
}
