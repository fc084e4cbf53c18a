import { Box } from '@mui/material'
import { useEffect, useState } from 'react'
import { useMe } from '../api/session.ts'
import { nowText } from '../common/figures.ts'

const REFRESH_MS = 30_000

/** Staff number, name and time over pages that show particulars: a photograph of the screen says who took it. */
export const Watermark = () => {
  const me = useMe()
  const [now, setNow] = useState(nowText)
  useEffect(() => {
    const timer = setInterval(() => setNow(nowText()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [])
  if (!me) return null
  return (
    <Box
      component="svg"
      aria-hidden
      sx={{
        position: 'fixed',
        inset: 0,
        width: '100%',
        height: '100%',
        pointerEvents: 'none',
        zIndex: 1250,
        color: 'text.primary',
        opacity: 0.055,
      }}
    >
      <defs>
        <pattern id="watermark" width="330" height="190" patternUnits="userSpaceOnUse" patternTransform="rotate(-22)">
          <text x="10" y="60" fontSize="14" fill="currentColor">
            {me.staffNumber} {me.name}
          </text>
          <text x="10" y="80" fontSize="12" fill="currentColor">
            {now}
          </text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#watermark)" />
    </Box>
  )
}
