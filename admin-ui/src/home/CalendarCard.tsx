import { partsOf, parsePlainDate } from '#contracts/dates.ts'
import { Alert, Button } from '@mui/material'
import { Link } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { MonthGrid } from '../house/MonthGrid.tsx'
import { Panel } from '../common/Panel.tsx'

/** This month's working days: what the deadlines above are counted in. */
export const CalendarCard = ({ today }: { today: string }) => {
  const date = parsePlainDate(today)
  const { year, month } = date ? partsOf(date) : { year: 0, month: 1 }
  const { data } = useCall(['calendar', year], 'readCalendar', { params: { year } }, { enabled: year > 0, staleTime: 600_000 })
  return (
    <Panel
      title={`${year}年${month}月`}
      actions={
        <Button component={Link} to="/calendar">
          工作日历
        </Button>
      }
    >
      {data && !data.known ? (
        <Alert severity="warning">{year}年的放假安排尚未载入，工作日无法计算。</Alert>
      ) : (
        <MonthGrid year={year} month={month} days={data?.days ?? []} today={today} />
      )}
    </Panel>
  )
}
