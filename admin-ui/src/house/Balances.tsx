import { Alert, Table, TableBody, TableCell, TableFooter, TableHead, TableRow } from '@mui/material'
import type { Answer } from '../api/client.ts'
import { useCall } from '../api/use-call.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { sumFen, yuan } from '../common/figures.ts'
import { PageHead } from '../common/PageHead.tsx'
import { Empty, Panel } from '../common/Panel.tsx'

type Row = Answer<'listBalances'>['rows'][number]

/** 总账余额: every account of the ledger; reserved is what approved payments have set aside. */
export const Balances = () => {
  const { data, error } = useCall(['balances'], 'listBalances', {})
  const { data: orgs } = useCall(['orgs'], 'listOrgs', {}, { staleTime: 600_000 })
  if (error && !data) return <ReadProblem error={error} />
  return (
    <>
      <PageHead title="总账余额" trail={[['资金']]} />
      {data && (
        <Alert severity={data.balanced ? 'success' : 'error'} sx={{ mb: 1.5 }}>
          {data.balanced ? '借贷平衡。' : '借贷不平，请立即报告会计复核岗。'}
        </Alert>
      )}
      <Panel flush>
        {data && data.rows.length > 0 ? (
          <BalanceTable rows={data.rows} orgNames={new Map(orgs?.rows.map(({ orgId, name }) => [orgId, name]))} />
        ) : (
          <Empty>{data ? '总账尚无余额。' : '正在读取…'}</Empty>
        )}
      </Panel>
    </>
  )
}

const BalanceTable = ({ rows, orgNames }: { rows: readonly Row[]; orgNames: ReadonlyMap<string, string> }) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        <TableCell>科目</TableCell>
        <TableCell>明细</TableCell>
        <TableCell align="right">借方余额（元）</TableCell>
        <TableCell align="right">贷方余额（元）</TableCell>
        <TableCell align="right">已预留（元）</TableCell>
      </TableRow>
    </TableHead>
    <TableBody>
      {rows.map((row) => (
        <TableRow key={row.ledgerCode + row.subAccount} hover>
          <TableCell>
            {row.ledgerCode} {row.ledgerName}
          </TableCell>
          <TableCell>{orgNames.get(row.subName) ?? (row.subName || '—')}</TableCell>
          <Amount fenText={row.debitFen} />
          <Amount fenText={row.creditFen} />
          <Amount fenText={row.reservedFen} />
        </TableRow>
      ))}
    </TableBody>
    <TableFooter>
      <TableRow sx={{ '& td': { fontWeight: 600, fontSize: '0.8125rem', color: 'text.primary' } }}>
        <TableCell colSpan={2}>合计</TableCell>
        <TableCell align="right">{yuan(sumFen(rows.map(({ debitFen }) => debitFen)))}</TableCell>
        <TableCell align="right">{yuan(sumFen(rows.map(({ creditFen }) => creditFen)))}</TableCell>
        <TableCell align="right">{yuan(sumFen(rows.map(({ reservedFen }) => reservedFen)))}</TableCell>
      </TableRow>
    </TableFooter>
  </Table>
)

const Amount = ({ fenText }: { fenText: string }) => <TableCell align="right">{fenText === '0' ? '' : yuan(fenText)}</TableCell>
