import { Box, Paper, Typography, type SxProps, type Theme } from '@mui/material'
import type { ReactNode } from 'react'

interface PanelProps {
  title?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** No inner padding: for tables that reach the edge. */
  flush?: boolean
  sx?: SxProps<Theme>
}

/** A framed part of a page under its heading. */
export const Panel = ({ title, actions, children, flush = false, sx = {} }: PanelProps) => (
  <Paper component="section" sx={[{ overflow: 'hidden' }, ...(Array.isArray(sx) ? sx : [sx])]}>
    {title !== undefined && (
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1, px: 2, minHeight: 42, borderBottom: 1, borderColor: 'divider' }}>
        <Typography component="h2" variant="h3" sx={{ flexGrow: 1, display: 'flex', alignItems: 'center', gap: 1 }}>
          {title}
        </Typography>
        {/* A button's own padding would set its words apart from the edge that everything below keeps to. */}
        {actions && <Box sx={{ mr: -1.5 }}>{actions}</Box>}
      </Box>
    )}
    <Box sx={flush ? { overflowX: 'auto' } : { p: 2 }}>{children}</Box>
  </Paper>
)

export const Empty = ({ children }: { children: ReactNode }) => (
  <Typography sx={{ color: 'text.secondary', py: 4, px: 2, textAlign: 'center', fontSize: '0.8125rem' }}>{children}</Typography>
)

export interface Fact {
  readonly label: string
  readonly value: ReactNode
  /** Takes the whole row. */
  readonly wide?: boolean
}

/** Label and value pairs, as a description list. */
export const Facts = ({ facts, columns = 3 }: { facts: readonly Fact[]; columns?: number }) => (
  <Box
    component="dl"
    sx={{ m: 0, display: 'grid', gridTemplateColumns: { xs: '1fr', md: `repeat(${columns}, minmax(0, 1fr))` }, columnGap: 3, rowGap: 1.25 }}
  >
    {facts.map(({ label, value, wide }) => (
      <Box key={label} sx={{ gridColumn: wide ? '1 / -1' : 'auto', display: 'flex', gap: 1, minWidth: 0 }}>
        <Box component="dt" sx={{ color: 'text.secondary', flexShrink: 0, width: columns > 3 ? '4.5em' : '6.5em' }}>
          {label}
        </Box>
        <Box component="dd" sx={{ m: 0, minWidth: 0, overflowWrap: 'anywhere' }}>
          {value === null || value === undefined || value === '' ? (
            <Box component="span" sx={{ color: 'text.secondary' }}>
              —
            </Box>
          ) : (
            value
          )}
        </Box>
      </Box>
    ))}
  </Box>
)
