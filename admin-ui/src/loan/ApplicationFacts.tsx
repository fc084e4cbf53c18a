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
import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { useReference } from '../api/use-call.ts'
import { Part } from '../cases/tabs/ApplicationTab.tsx'
import { monthsText, yuan } from '../common/figures.ts'
import { Facts } from '../common/Panel.tsx'

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
            { label: '每月还款日', value: read.text('repaymentDay') && `${read.text('repaymentDay')} 日` },
            { label: '婚姻状况', value: read.word('maritalStatus', MARITAL_STATUSES) },
            { label: '担保方式', value: joined(read.word('guarantee.kind', GUARANTEES), guarantor), wide: true },
            { label: '还款卡', value: joined(...CARD.map((part) => read.text(`repaymentCard.${part}`))), wide: true },
          ]}
        />
      </Part>
      <Part title="收入与负债">
        <Incomes read={read} />
      </Part>
      <Part title="所购住房">
        <Facts
          facts={[
            { label: '住房类型', value: read.word('home.kind', HOME_KINDS) },
            { label: '用途', value: read.word('home.use', HOME_USES) },
            { label: '建成年份', value: read.text('home.builtYear') },
            { label: '所在行政区', value: read.word('home.place', HOME_PLACES) },
            { label: '建筑面积', value: read.text('home.areaSquareMetres') && `${read.text('home.areaSquareMetres')} 平方米` },
            { label: '网签备案号', value: read.text('home.filingNumber') },
            { label: '坐落', value: read.text('home.address'), wide: true },
            { label: '合同总价', value: read.money('home.contractPriceFen') },
            { label: '已付首付款', value: read.money('downPaymentPaidFen') },
            { label: '已提取', value: read.money('withdrawnForHomeFen') },
            { label: '不动产单元', value: read.text('home.homeNumber') },
            { label: '卖方', value: read.text('home.sellerName') },
            {
              label: '收款账户',
              value: joined(
                read.word('home.receivingAccount.kind', RECEIVING_ACCOUNTS),
                ...ACCOUNT.map((part) => read.text(`home.receivingAccount.${part}`)),
              ),
              wide: true,
            },
          ]}
        />
      </Part>
    </Box>
  )
}

const CARD = ['bankName', 'number', 'ownerName'] as const
const ACCOUNT = ['bankName', 'accountNumber', 'ownerName'] as const
const joined = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join('，')

/** Everybody who will owe the loan; the form takes four besides the couple. */
const DEBTORS: readonly (readonly [path: string, who: string])[] = [
  ['borrower', '借款人'],
  ['spouse', '配偶'],
  ...[1, 2, 3, 4].map((no) => [`coBorrowers.${no - 1}`, `共同借款人${no}`] as const),
]

type Reader = ReturnType<typeof reader>

const INCOME_COLUMNS = ['身份', '工作单位', '月收入（元）', '其他月还款（元）', '退休年龄类别', '人才类别'] as const

/** One line for each of them, so that the figures of a couple stand under one another. */
const Incomes = ({ read }: { read: Reader }) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        {INCOME_COLUMNS.map((label) => (
          <TableCell key={label} align={label.endsWith('（元）') ? 'right' : 'left'}>
            {label}
          </TableCell>
        ))}
      </TableRow>
    </TableHead>
    <TableBody>
      {DEBTORS.filter(([path]) => read.text(`${path}.name`)).map(([path, who]) => (
        <TableRow key={path}>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{who}</TableCell>
          <TableCell>{read.text(`${path}.employer`) || '—'}</TableCell>
          <TableCell align="right">{read.amount(`${path}.monthlyIncomeFen`) || '—'}</TableCell>
          <TableCell align="right">{read.amount(`${path}.otherMonthlyDebtFen`) || '—'}</TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{read.word(`${path}.retirementCategory`, RETIREMENT_CATEGORIES)}</TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{talentText(read.text(`${path}.talentClass`))}</TableCell>
        </TableRow>
      ))}
    </TableBody>
  </Table>
)

const talentText = (level: string): string => (level ? `第${level}类` : '无')

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
    amount: (path: string): string => (isFen(text(path)) ? yuan(text(path)) : ''),
    money: (path: string): string => (isFen(text(path)) ? `${yuan(text(path))} 元` : ''),
    words: (path: string): string => (isFen(text(path)) ? yuanWords(fen(BigInt(text(path)))) : ''),
    word: (path: string, words: Readonly<Record<string, string>>): string => words[text(path)] ?? text(path),
  }
}
