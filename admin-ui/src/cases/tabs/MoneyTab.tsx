import { fen } from '#contracts/money.ts'
import { failureText } from '#contracts/payment-failures.ts'
import { yuanWords } from '#contracts/yuan-words.ts'
import { Box, Paper, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { secondText, sumFen, yuan } from '../../common/figures.ts'
import { Empty, Facts } from '../../common/Panel.tsx'
import { Tag } from '../../common/Tag.tsx'
import { FindingLine } from '../../house/FindingLine.tsx'
import { PAYMENT_STATES, type CaseView } from '../case-text.ts'
import { Part } from './ApplicationTab.tsx'

type Payment = CaseView['payments'][number]
type Voucher = CaseView['vouchers'][number]

/** A loan that the books were opened with: its payment is older than they are. */
const PAID_BEFORE = { payments: '本案在建账之前放款，已计入建账余额，没有单笔划款。', vouchers: '凭证随建账余额合并记载。' }
/** Payments and their vouchers are the centre's own: to a branch, a bank or a guarantor they are not shown, which does not mean there are none. */
const ELSEWHERE = { payments: '划款与凭证由公积金中心掌握。', vouchers: '划款与凭证由公积金中心掌握。' }
const NOT_YET = { payments: '尚未划款。', vouchers: '尚无记账凭证。' }

/** 划款与凭证: each payment with what the bank said when, and the vouchers it left in the ledger. */
export const MoneyTab = ({ view }: { view: CaseView }) => {
  const none = wordsForNone(view)
  return (
    <Box sx={{ display: 'grid', gap: 2.5 }}>
      <Part title="划款">
        {view.payments.length === 0 ? (
          <Empty>{none.payments}</Empty>
        ) : (
          view.payments.map((payment) => <PaymentCard key={payment.paymentId} payment={payment} />)
        )}
      </Part>
      <Part title="记账凭证">
        {view.vouchers.length === 0 ? (
          <Empty>{none.vouchers}</Empty>
        ) : (
          view.vouchers.map((voucher) => <VoucherCard key={voucher.voucherNumber} voucher={voucher} />)
        )}
      </Part>
    </Box>
  )
}

function wordsForNone({ case: { stage }, payments, paymentsElsewhere }: CaseView): typeof NOT_YET {
  if (paymentsElsewhere) return ELSEWHERE
  return stage === 'DISBURSED' && payments.length === 0 ? PAID_BEFORE : NOT_YET
}

const PaymentCard = ({ payment }: { payment: Payment }) => (
  <Paper sx={{ p: 2, mb: 1.5 }}>
    <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', mb: 1.5 }}>
      <strong>第 {payment.paymentNo} 笔</strong>
      <Tag tone={PAYMENT_STATES[payment.state].tone}>{PAYMENT_STATES[payment.state].label}</Tag>
      <Box sx={{ ml: 'auto', fontWeight: 600, fontSize: '1rem' }}>{yuan(payment.amountFen)} 元</Box>
    </Box>
    <Facts
      columns={2}
      facts={[
        { label: '大写', value: yuanWords(fen(BigInt(payment.amountFen))), wide: true },
        { label: '收款人', value: payment.payeeName },
        { label: '开户银行', value: payment.payeeBank },
        { label: '收款账号', value: payment.payeeAccount },
        { label: '银行流水', value: payment.bankReference },
        ...(payment.failure ? [{ label: '失败原因', value: failureText(payment.failure), wide: true }] : []),
      ]}
    />
    <Box component="ol" aria-label="划款经过" sx={{ m: 0, mt: 1.5, pl: 2.5, color: 'text.secondary' }}>
      {payment.events.map(({ state, source, detail, at }, index) => (
        <li key={`${at}-${index}`}>
          {secondText(at)}　{stateLabel(state)}　{SOURCES[source] ?? source}
          {detail ? `　${failureText(detail)}` : ''}
        </li>
      ))}
    </Box>
    {payment.findings.length > 0 && (
      <Box role="group" aria-label="认定" sx={{ mt: 1 }}>
        {payment.findings.map((finding) => (
          <FindingLine key={finding.at + finding.state} finding={finding} />
        ))}
      </Box>
    )}
  </Paper>
)

const SOURCES: Readonly<Record<string, string>> = {
  checker: '划款复核',
  submit: '发送',
  query: '查询银行',
  notice: '银行通知',
  'day-file': '银行日终文件',
  finding: '认定',
}

const stateLabel = (state: string): string => Object.entries(PAYMENT_STATES).find(([code]) => code === state)?.[1].label ?? state

const VoucherCard = ({ voucher }: { voucher: Voucher }) => (
  <Paper sx={{ mb: 1.5 }}>
    <Box sx={{ px: 1.5, py: 1, display: 'flex', gap: 2 }}>
      <strong>{voucher.voucherNumber}</strong>
      <span>{voucher.summary}</span>
      <Box sx={{ ml: 'auto', color: 'text.secondary' }}>{voucher.bookedOn}</Box>
    </Box>
    <Table size="small">
      <TableHead>
        <TableRow>
          <TableCell>科目</TableCell>
          <TableCell>明细</TableCell>
          <TableCell align="right">借方（元）</TableCell>
          <TableCell align="right">贷方（元）</TableCell>
        </TableRow>
      </TableHead>
      <TableBody>
        {voucher.postings.map(({ ledgerCode, ledgerName, subName, debitFen, creditFen }, index) => (
          <TableRow key={`${ledgerCode}-${index}`}>
            <TableCell>
              {ledgerCode} {ledgerName}
            </TableCell>
            <TableCell>{subName || '—'}</TableCell>
            <TableCell align="right">{debitFen === '0' ? '' : yuan(debitFen)}</TableCell>
            <TableCell align="right">{creditFen === '0' ? '' : yuan(creditFen)}</TableCell>
          </TableRow>
        ))}
        <TableRow sx={{ '& td': { fontWeight: 600, borderBottom: 0 } }}>
          <TableCell colSpan={2}>合计</TableCell>
          <TableCell align="right">{yuan(sumFen(voucher.postings.map(({ debitFen }) => debitFen)))}</TableCell>
          <TableCell align="right">{yuan(sumFen(voucher.postings.map(({ creditFen }) => creditFen)))}</TableCell>
        </TableRow>
      </TableBody>
    </Table>
  </Paper>
)
