import { addDays, parsePlainDate, weekdayOf, type PlainDate } from '#contracts/dates.ts'
import { Box, Button, ButtonBase, Popover } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { reloadMe } from '../api/session.ts'
import { useCall } from '../api/use-call.ts'
import { AskDialog } from '../common/AskDialog.tsx'
import { DateField, normaliseDate } from '../common/DateField.tsx'

const WEEKDAYS = '一二三四五六日'
const weekday = (day: PlainDate): string => `星期${WEEKDAYS.charAt(weekdayOf(day) - 1)}`

/**
 * The business date, which rules every deadline. In a demo city it can be moved forward, never back, and everything due on the way
 * happens; in production it is only shown.
 */
export const BusinessClock = () => {
  const { data: clock } = useCall(['clock'], 'readClock', {}, { refetchInterval: 60_000 })
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [target, setTarget] = useState<PlainDate>()
  if (!clock) return null
  const today = parsePlainDate(clock.businessDate)
  const due = clock.nextDue ? parsePlainDate(clock.nextDue) : undefined
  if (!today) return null
  const shown = (
    <>
      <Box component="span" sx={{ opacity: 0.85 }}>
        营业日期
      </Box>
      <Box component="span" sx={{ fontWeight: 600 }}>
        {today} {weekday(today)}
      </Box>
    </>
  )
  if (clock.mode === 'WALL') return <Box sx={{ display: 'flex', gap: 0.75 }}>{shown}</Box>
  const choose = (day: PlainDate): void => {
    setAnchor(null)
    setTarget(day)
  }
  return (
    <>
      <ButtonBase
        onClick={({ currentTarget }) => setAnchor(currentTarget)}
        aria-haspopup="dialog"
        sx={{
          gap: 0.75,
          px: 1.25,
          height: 32,
          borderRadius: 1,
          fontSize: '0.8125rem',
          border: '1px solid rgba(255,255,255,0.35)',
          '&:hover': { bgcolor: 'rgba(255,255,255,0.1)' },
        }}
      >
        {shown}
        <Box
          component="span"
          sx={{ bgcolor: '#e8c56a', color: '#14305a', borderRadius: '3px', px: 0.5, fontSize: '0.6875rem', fontWeight: 600 }}
        >
          演示
        </Box>
      </ButtonBase>
      <Popover
        open={anchor !== null}
        anchorEl={anchor}
        onClose={() => setAnchor(null)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
      >
        <AdvanceChoices today={today} due={due} dueCases={clock.dueCases} onChoose={choose} />
      </Popover>
      <AdvanceDialog today={today} target={target} onClose={() => setTarget(undefined)} />
    </>
  )
}

interface AdvanceChoicesProps {
  today: PlainDate
  due: PlainDate | undefined
  dueCases: number
  onChoose: (day: PlainDate) => void
}

const AdvanceChoices = ({ today, due, dueCases, onChoose }: AdvanceChoicesProps) => {
  const [text, setText] = useState<string>(addDays(today, 7))
  const chosen = parsePlainDate(normaliseDate(text))
  return (
    <Box sx={{ p: 2, width: 330, display: 'grid', gap: 1.75 }}>
      <Box sx={{ fontWeight: 600 }}>推进演示日期</Box>
      <Box sx={{ color: 'text.secondary' }}>{due ? `最近一个期限：${due}，当日涉及 ${dueCases} 件` : '目前没有将到期的案件'}</Box>
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button variant="outlined" onClick={() => onChoose(addDays(today, 1))}>
          推进一天
        </Button>
        <Button variant="outlined" disabled={!due || due <= today} onClick={() => due && onChoose(due)}>
          推进到下一期限
        </Button>
      </Box>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <DateField label="推进到" value={text} onChange={setText} sx={{ flexGrow: 1 }} />
        <Button variant="contained" disabled={!chosen || chosen <= today} onClick={() => chosen && onChoose(chosen)}>
          推进
        </Button>
      </Box>
    </Box>
  )
}

const AdvanceDialog = ({ today, target, onClose }: { today: PlainDate; target: PlainDate | undefined; onClose: () => void }) => {
  const queries = useQueryClient()
  const notify = useNotify()
  const command = useCommand(`advance:${target ?? ''}`)
  const advance = async (): Promise<void> => {
    if (!target) return
    const moved = await command((key) => call('advanceClock', { body: { to: target } }, { key }))
    await reloadMe()
    await queries.invalidateQueries()
    notify(`营业日期已推进到 ${moved.to}，触发期限 ${moved.dueCases} 件`, { type: 'success' })
  }
  return (
    <AskDialog title="推进演示日期" open={target !== undefined} onClose={onClose} onConfirm={advance} confirmLabel="推进" width="xs">
      营业日期将从 {today} 推进到 <strong>{target}</strong>。其间到期的案件会逐件处理。日期不可后退。
    </AskDialog>
  )
}
