import { dateOf, daysInMonth, weekdayOf } from '#contracts/dates.ts'
import { Box } from '@mui/material'
import { alpha } from '@mui/material/styles'
import type { Answer } from '../api/client.ts'

type Day = Answer<'readCalendar'>['days'][number]

const WEEKDAYS = ['一', '二', '三', '四', '五', '六', '日']

/** One month, Monday first. Days off are tinted, make-up working days marked 班, holidays by their name. */
export const MonthGrid = ({ year, month, days, today }: { year: number; month: number; days: readonly Day[]; today?: string }) => {
  const known = new Map(days.map((day) => [String(day.day), day]))
  const first = weekdayOf(dateOf({ year, month, day: 1 }))
  const dates = Array.from({ length: daysInMonth(year, month) }, (_, index) => dateOf({ year, month, day: index + 1 }))
  return (
    <Box
      component="table"
      aria-label={`${year}年${month}月`}
      sx={{ width: '100%', borderCollapse: 'collapse', tableLayout: 'fixed', fontSize: '0.75rem', textAlign: 'center' }}
    >
      <thead>
        <tr>
          {WEEKDAYS.map((name) => (
            <Box component="th" key={name} scope="col" sx={{ fontWeight: 400, color: 'text.secondary', pb: 0.5 }}>
              {name}
            </Box>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(dates, first).map((week, index) => (
          <tr key={index}>
            {week.map((date, place) =>
              date ? (
                <DayCell key={date} date={date} day={known.get(date)} isToday={date === today} weekend={place > 4} />
              ) : (
                <td key={place} />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </Box>
  )
}

const DayCell = ({ date, day, isToday, weekend }: { date: string; day: Day | undefined; isToday: boolean; weekend: boolean }) => {
  const makeUp = day?.working === true && weekend
  const holiday = day?.working === false && Boolean(day.name)
  const words = day === undefined ? date : `${date} ${day.working ? '工作日' : '休息日'}${day.name ? `，${day.name}` : ''}`
  return (
    <Box
      component="td"
      title={words}
      sx={(theme) => ({
        height: 26,
        borderRadius: 1,
        position: 'relative',
        fontWeight: isToday ? 700 : 400,
        outline: isToday ? `2px solid ${theme.palette.primary.main}` : 'none',
        outlineOffset: -2,
        color: holiday ? theme.palette.error.main : day?.working === false ? theme.palette.text.secondary : theme.palette.text.primary,
        backgroundColor: holiday ? alpha(theme.palette.error.main, 0.08) : makeUp ? alpha(theme.palette.info.main, 0.14) : 'transparent',
      })}
    >
      {Number(date.slice(8))}
      {makeUp && <Mark>班</Mark>}
      {holiday && <Mark>休</Mark>}
    </Box>
  )
}

/** Raised beside the day, without making its week higher than the others. */
const Mark = ({ children }: { children: string }) => (
  <Box component="sup" sx={{ fontSize: '0.625rem', lineHeight: 0 }}>
    {children}
  </Box>
)

function weeksOf(dates: readonly string[], firstWeekday: number): (string | undefined)[][] {
  const cells: (string | undefined)[] = [...Array.from<undefined>({ length: firstWeekday - 1 }), ...dates]
  const weeks: (string | undefined)[][] = []
  for (let at = 0; at < cells.length; at += 7) weeks.push(cells.slice(at, at + 7))
  return weeks
}
