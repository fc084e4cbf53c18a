import { parsePlainDate, partsOf } from '#contracts/dates.ts'
import { Alert, Box } from '@mui/material'
import { useSearchParams } from 'react-router'
import { useMe } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { GuardedButton } from '../common/GuardedButton.tsx'
import { PageHead } from '../common/PageHead.tsx'
import { Panel } from '../common/Panel.tsx'
import { CALENDAR_YEARS, isCalendarYear, yearAsked, yearsBeside } from './calendar-year.ts'
import { MonthGrid } from './MonthGrid.tsx'

const MONTHS = Array.from({ length: 12 }, (_, index) => index + 1)

/** 工作日历: a year as the State Council arranged it. A year that is not loaded says so; nothing is guessed from Monday to Friday. */
export const Calendar = () => {
  const me = useMe()
  const [search, setSearch] = useSearchParams()
  const today = me ? parsePlainDate(me.businessDate) : undefined
  const year = yearAsked(search.get('year'), today ? partsOf(today).year : 0)
  const isThere = isCalendarYear(year)
  const { data, error } = useCall(['calendar', year], 'readCalendar', { params: { year } }, { enabled: isThere })
  if (!today) return null
  if (error) return <ReadProblem error={error} />
  const working = data?.days.filter(({ working: isWorking }) => isWorking).length ?? 0
  const { before, after } = yearsBeside(year)
  const go = (to: number): void => setSearch({ year: String(to) })
  return (
    <>
      <PageHead
        title={`${year}年工作日历`}
        trail={[['管理']]}
        hint={data?.known ? `工作日 ${working} 天，休息日 ${data.days.length - working} 天` : undefined}
        actions={
          <Box sx={{ display: 'flex', gap: 1 }}>
            <YearButton year={before} onGo={go} />
            <YearButton year={after} onGo={go} />
          </Box>
        }
      />
      {!isThere && (
        <Alert severity="warning">
          {RANGE}，没有{year}年。
        </Alert>
      )}
      {data && !data.known && (
        <Alert severity="warning">
          {year}年的放假安排尚未载入。该年的工作日一律视为未知：涉及该年的期限停止计算并提醒，不按周一至周五推算。
        </Alert>
      )}
      {data?.known && (
        <>
          {data.source && <Box sx={{ color: 'text.secondary', mb: 1.5 }}>依据：{data.source}</Box>}
          <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', sm: 'repeat(2, 1fr)', lg: 'repeat(4, 1fr)' }, gap: 1.5 }}>
            {MONTHS.map((month) => (
              <Panel key={month} title={`${month}月`}>
                <MonthGrid year={year} month={month} days={data.days} today={today} />
              </Panel>
            ))}
          </Box>
          <Box sx={{ color: 'text.secondary', mt: 1.5 }}>
            休：法定节假日及调休放假　班：调休上班。日历由系统管理员或政策参数岗依据放假通知改定；改定后在办案件的期限自动重算，并在案件上注明理由。
          </Box>
        </>
      )}
    </>
  )
}

const RANGE = `工作日历可查${CALENDAR_YEARS.first}年至${CALENDAR_YEARS.last}年`

const YearButton = ({ year, onGo }: { year: number; onGo: (year: number) => void }) => {
  const may = isCalendarYear(year)
    ? { allowed: true, obstacles: [] }
    : { allowed: false, obstacles: [{ code: 'OUT_OF_RANGE', text: RANGE }] }
  return <GuardedButton label={`${year}年`} may={may} onClick={() => onGo(year)} variant="outlined" />
}
