import RefreshIcon from '@mui/icons-material/Refresh'
import { Box, Button } from '@mui/material'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useListContext, useRefresh } from 'react-admin'
import { isHandOnRows, useCaseEvents } from '../api/events.ts'
import type { ListMeta } from '../api/data-provider.ts'
import { timeText } from '../common/figures.ts'
import { useKeys } from '../common/keys.ts'
import { Tag } from '../common/Tag.tsx'

/** Several cases may move at once; one reading after the last of them is enough. */
const SETTLE_MS = 300

/**
 * As of when the list is true. It follows the house by itself, except while the pointer is on the rows: nothing may change places under a
 * hand that is about to click.
 */
export const ListClock = () => {
  const { meta } = useListContext()
  const refresh = useRefresh()
  const [stale, setStale] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const again = useCallback(() => {
    setStale(false)
    refresh()
  }, [refresh])
  const moved = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => (isHandOnRows() ? setStale(true) : again()), SETTLE_MS)
  }, [again])
  useCaseEvents(moved)
  useEffect(() => () => clearTimeout(timer.current), [])
  useKeys({ r: again })
  const asOf = (meta as ListMeta | undefined)?.asOf
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, fontSize: '0.8125rem', fontWeight: 400, color: 'text.secondary' }}>
      {asOf ? `截至 ${timeText(asOf)}` : '正在读取…'}
      <Button startIcon={<RefreshIcon />} onClick={again} color={stale ? 'warning' : 'inherit'}>
        刷新
      </Button>
      {stale && <Tag tone="warn">列表已有变动</Tag>}
    </Box>
  )
}
