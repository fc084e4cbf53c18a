import { Box } from '@mui/material'
import { alpha } from '@mui/material/styles'
import type { ReactNode } from 'react'

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info'

const PALETTE_OF = { good: 'success', warn: 'warning', bad: 'error', info: 'info' } as const

/** A short word with a colour; the colour never says more than the word does. */
export const Tag = ({ tone = 'neutral', children, title }: { tone?: Tone; children: ReactNode; title?: string }) => (
  <Box
    component="span"
    title={title}
    sx={(theme) => {
      const colour = tone === 'neutral' ? theme.palette.text.secondary : theme.palette[PALETTE_OF[tone]].main
      return {
        display: 'inline-block',
        px: 0.75,
        borderRadius: '4px',
        fontSize: '0.75rem',
        lineHeight: '20px',
        whiteSpace: 'nowrap',
        color: tone === 'neutral' ? theme.palette.text.primary : colour,
        backgroundColor: alpha(colour, theme.palette.mode === 'light' ? 0.09 : 0.16),
      }
    }}
  >
    {children}
  </Box>
)
