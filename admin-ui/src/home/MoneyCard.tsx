import { Button, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { Link as RouterLink } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { PAYMENT_STATES } from '../cases/case-text.ts'
import { yuan } from '../common/figures.ts'
import { Empty, Panel } from '../common/Panel.tsx'
import { Tag, type Tone } from '../common/Tag.tsx'

const stateOf = (state: string): { label: string; tone: Tone } =>
  Object.entries(PAYMENT_STATES).find(([code]) => code === state)?.[1] ?? { label: state, tone: 'neutral' }

export const MoneyCard = () => {
  // Only the sums are shown; the one row that comes with them is the least that can be asked for.
  const { data } = useCall(['payments', 'sums'], 'listPayments', { query: { limit: 1 } })
  return (
    <Panel
      flush
      title="划款"
      actions={
        <Button component={RouterLink} to="/payments">
          全部划款
        </Button>
      }
    >
      {data && data.sums.length > 0 ? (
        <Table size="small">
          <TableHead>
            <TableRow>
              <TableCell>状态</TableCell>
              <TableCell align="right">笔数</TableCell>
              <TableCell align="right">金额（元）</TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {data.sums.map(({ state, count, amountFen }) => (
              <TableRow key={state}>
                <TableCell>
                  <Tag tone={stateOf(state).tone}>{stateOf(state).label}</Tag>
                </TableCell>
                <TableCell align="right">{count}</TableCell>
                <TableCell align="right">{yuan(amountFen)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      ) : (
        <Empty>{data ? '还没有划款。' : '正在读取…'}</Empty>
      )}
    </Panel>
  )
}
