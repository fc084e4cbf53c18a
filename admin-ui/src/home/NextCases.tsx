import { Box, Button, Link, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { Link as RouterLink } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { deadlineOf, kindLabel } from '../cases/case-text.ts'
import { yuan } from '../common/figures.ts'
import { Empty, Panel } from '../common/Panel.tsx'
import { Tag } from '../common/Tag.tsx'

const SHOWN = 8

/** The first of the list of things to do, nearest deadline first, as the list itself is ordered. */
export const NextCases = () => {
  const { data, isPending } = useCall(['desk', 'next'], 'listTasks', { params: { list: 'todo' }, query: { limit: SHOWN } })
  return (
    <Panel
      flush
      title="接下来办理"
      actions={
        <Button component={RouterLink} to="/todo">
          全部待办{data ? `（${data.total}）` : ''}
        </Button>
      }
    >
      {data && data.rows.length > 0 ? (
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>案号</TableCell>
              <TableCell>申请人</TableCell>
              <TableCell>类型</TableCell>
              <TableCell align="right">金额（元）</TableCell>
              <TableCell>环节</TableCell>
              <TableCell>剩余时间</TableCell>
              <TableCell>上一意见</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {data.rows.map((row) => {
              const deadline = deadlineOf(row)
              return (
                <TableRow key={row.id} hover>
                  <TableCell>
                    <Link component={RouterLink} to={`/cases/${row.id}`} underline="hover" sx={{ fontWeight: 500, whiteSpace: 'nowrap' }}>
                      {row.caseNumber}
                    </Link>
                  </TableCell>
                  <TableCell sx={{ whiteSpace: 'nowrap' }}>{row.applicant}</TableCell>
                  <TableCell sx={{ whiteSpace: 'nowrap' }}>{kindLabel(row.kind)}</TableCell>
                  <TableCell align="right">{row.amountFen === null ? '—' : yuan(row.amountFen)}</TableCell>
                  <TableCell sx={{ whiteSpace: 'nowrap' }}>{row.stageLabel}</TableCell>
                  <TableCell>{deadline ? <Tag tone={deadline.tone}>{deadline.text}</Tag> : '—'}</TableCell>
                  <TableCell>
                    <Box
                      title={row.previousOpinion ?? ''}
                      sx={{ maxWidth: 200, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
                    >
                      {row.previousOpinion || '—'}
                    </Box>
                  </TableCell>
                </TableRow>
              )
            })}
          </TableBody>
        </Table>
      ) : (
        <Empty>{isPending ? '正在读取…' : '没有待办的案件。新的案件到达时会自动出现在这里。'}</Empty>
      )}
    </Panel>
  )
}
