import { Button, Link, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { Link as RouterLink } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { minuteText, yuan } from '../common/figures.ts'
import { Empty, Panel } from '../common/Panel.tsx'

const SHOWN = 6

/** Where the cases I have acted on are now: whom they wait for, since when. */
export const RecentDone = () => {
  const { data, isPending } = useCall(['desk', 'done'], 'listTasks', { params: { list: 'done' }, query: { limit: SHOWN } })
  return (
    <Panel
      flush
      title="我办理过的案件现在到哪里"
      actions={
        <Button component={RouterLink} to="/done">
          全部已办{data ? `（${data.total}）` : ''}
        </Button>
      }
    >
      {data && data.rows.length > 0 ? (
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>案号</TableCell>
              <TableCell>申请人</TableCell>
              <TableCell align="right">金额（元）</TableCell>
              <TableCell>现环节</TableCell>
              <TableCell>到达时间</TableCell>
              <TableCell>现办理人</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {data.rows.map((row) => (
              <TableRow key={row.id} hover>
                <TableCell>
                  <Link component={RouterLink} to={`/cases/${row.id}`} underline="hover" sx={{ whiteSpace: 'nowrap' }}>
                    {row.caseNumber}
                  </Link>
                </TableCell>
                <TableCell>{row.applicant}</TableCell>
                <TableCell align="right">{row.amountFen === null ? '—' : yuan(row.amountFen)}</TableCell>
                <TableCell>{row.stageLabel}</TableCell>
                <TableCell sx={{ whiteSpace: 'nowrap' }}>{minuteText(row.arrivedAt)}</TableCell>
                <TableCell>{row.claimedBy ?? (row.open ? '待认领' : '已办结')}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      ) : (
        <Empty>{isPending ? '正在读取…' : '还没有办理过案件。'}</Empty>
      )}
    </Panel>
  )
}
