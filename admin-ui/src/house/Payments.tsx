import { Box, ButtonBase, Link, Paper, Table, TableBody, TableCell, TableFooter, TableHead, TableRow } from '@mui/material'
import { Link as RouterLink, useSearchParams } from 'react-router'
import { failureText } from '#contracts/payment-failures.ts'
import { call, type Answer } from '../api/client.ts'
import { usePages } from '../api/use-pages.ts'
import { PAYMENT_STATES } from '../cases/case-text.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { minuteText, sumFen, yuan } from '../common/figures.ts'
import { PageHead } from '../common/PageHead.tsx'
import { Empty, Panel } from '../common/Panel.tsx'
import { ShowMore } from '../common/ShowMore.tsx'
import { Tag } from '../common/Tag.tsx'

type State = Answer<'listPayments'>['rows'][number]['state']
const STATES = Object.keys(PAYMENT_STATES) as State[]

/** 划款: by state with sums; a state is chosen in the address. */
export const Payments = () => {
  const [search, setSearch] = useSearchParams()
  const state = STATES.find((one) => one === search.get('state'))
  const { data, error, more } = usePages(['payments', state ?? ''], (from, signal) =>
    call('listPayments', { query: { ...(state ? { state } : {}), ...from } }, { signal }),
  )
  if (error && !data) return <ReadProblem error={error} />
  const sumOf = (code: State) => data?.latest.sums.find((sum) => sum.state === code)
  return (
    <>
      <PageHead title="划款" trail={[['资金']]} />
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: 'repeat(2, 1fr)', md: 'repeat(6, 1fr)' }, gap: 1.5, mb: 1.5 }}>
        {STATES.map((code) => (
          <Paper key={code} sx={code === state ? { borderColor: 'primary.main' } : {}}>
            <ButtonBase
              aria-pressed={code === state}
              onClick={() => setSearch(code === state ? {} : { state: code })}
              sx={{ width: '100%', p: 1.5, display: 'block', textAlign: 'left', borderRadius: 'inherit' }}
            >
              <Tag tone={PAYMENT_STATES[code].tone}>{PAYMENT_STATES[code].label}</Tag>
              <Box sx={{ fontSize: '1.25rem', fontWeight: 600, mt: 0.5 }}>
                {sumOf(code)?.count ?? 0}
                <Box component="span" sx={{ fontSize: '0.75rem', fontWeight: 400, color: 'text.secondary' }}>
                  {' '}
                  笔
                </Box>
              </Box>
              <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>{yuan(sumOf(code)?.amountFen ?? '0')} 元</Box>
            </ButtonBase>
          </Paper>
        ))}
      </Box>
      <Panel flush title={state ? PAYMENT_STATES[state].label : '全部划款'}>
        {data && data.rows.length > 0 ? (
          <PaymentTable rows={data.rows} total={data.latest.total} />
        ) : (
          <Empty>{data ? '没有符合的划款。' : '正在读取…'}</Empty>
        )}
        <ShowMore more={more} />
      </Panel>
    </>
  )
}

const PaymentTable = ({ rows, total }: { rows: Answer<'listPayments'>['rows']; total: number }) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        <TableCell>案号</TableCell>
        <TableCell>状态</TableCell>
        <TableCell align="right">金额（元）</TableCell>
        <TableCell>收款人</TableCell>
        <TableCell>开户银行</TableCell>
        <TableCell>账号</TableCell>
        <TableCell>银行流水</TableCell>
        <TableCell>生成</TableCell>
        <TableCell>完成</TableCell>
      </TableRow>
    </TableHead>
    <TableBody>
      {rows.map((row) => (
        <TableRow key={row.id} hover>
          <TableCell>
            <Link component={RouterLink} to={`/cases/${row.caseId}?tab=money`} underline="hover" sx={{ whiteSpace: 'nowrap' }}>
              {row.caseNumber}
            </Link>
          </TableCell>
          <TableCell>
            <Tag tone={PAYMENT_STATES[row.state].tone} {...(row.failure ? { title: failureText(row.failure) } : {})}>
              {PAYMENT_STATES[row.state].label}
            </Tag>
          </TableCell>
          <TableCell align="right">{yuan(row.amountFen)}</TableCell>
          <TableCell>{row.payeeName}</TableCell>
          <TableCell>{row.payeeBank}</TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{row.payeeAccount}</TableCell>
          <TableCell
            title={row.bankReference ?? ''}
            sx={{ maxWidth: 150, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
          >
            {row.bankReference ?? '—'}
          </TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{minuteText(row.createdAt)}</TableCell>
          <TableCell sx={{ whiteSpace: 'nowrap' }}>{row.settledAt ? minuteText(row.settledAt) : '—'}</TableCell>
        </TableRow>
      ))}
    </TableBody>
    <TableFooter>
      <TableRow sx={{ '& td': { fontWeight: 600, fontSize: '0.8125rem', color: 'text.primary' } }}>
        <TableCell colSpan={2}>
          {/* The sum is of the rows above it; that of all payments stands with their states, at the top of the page. */}
          {rows.length < total ? `本页合计（共 ${total} 笔，已显示 ${rows.length} 笔）` : `合计（共 ${total} 笔）`}
        </TableCell>
        <TableCell align="right">{yuan(sumFen(rows.map(({ amountFen }) => amountFen)))}</TableCell>
        <TableCell colSpan={6} />
      </TableRow>
    </TableFooter>
  </Table>
)
