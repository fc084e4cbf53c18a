import { Box, Paper } from '@mui/material'
import { Link } from 'react-router'
import type { Answer } from '../api/client.ts'
import { listAddress } from '../layout/pages.ts'

type Counts = Answer<'countTasks'>

interface Figure {
  readonly label: string
  readonly of: (counts: Counts) => number
  readonly to: string
  readonly tone?: 'error.main' | 'warning.main'
}

const FIGURES: readonly Figure[] = [
  { label: '待办', of: ({ todo }) => todo, to: '/todo' },
  { label: '今日到期', of: ({ dueToday }) => dueToday, tone: 'warning.main', to: listAddress('todo', { due: 'today' }) },
  { label: '已超期', of: ({ overdue }) => overdue, tone: 'error.main', to: listAddress('todo', { due: 'overdue' }) },
  { label: '退回给我的', of: ({ returned }) => returned, tone: 'warning.main', to: listAddress('todo', { returned: 'true' }) },
  { label: '我发起', of: ({ started }) => started, to: '/started' },
  { label: '抄送未阅', of: ({ unread }) => unread, to: listAddress('copied', { unread: 'true' }) },
]

export const Figures = ({ counts }: { counts: Counts | undefined }) => (
  <Box
    component="ul"
    sx={{ display: 'grid', gridTemplateColumns: { xs: 'repeat(2, 1fr)', md: 'repeat(6, 1fr)' }, gap: 1.5, m: 0, p: 0, listStyle: 'none' }}
  >
    {FIGURES.map((figure) => {
      const value = counts ? figure.of(counts) : undefined
      return (
        <Paper key={figure.label} component="li">
          <Box
            component={Link}
            to={figure.to}
            sx={{
              display: 'block',
              px: 2,
              py: 1.5,
              textDecoration: 'none',
              color: 'text.primary',
              borderRadius: 'inherit',
              '&:hover': { bgcolor: 'action.hover' },
            }}
          >
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {figure.label}
            </Box>
            <Box
              component="span"
              sx={{
                display: 'block',
                fontSize: '1.75rem',
                fontWeight: 600,
                lineHeight: 1.3,
                color: value && figure.tone ? figure.tone : 'text.primary',
              }}
            >
              {value ?? '—'}
              <Box component="span" sx={{ fontSize: '0.8125rem', fontWeight: 400, color: 'text.secondary', ml: 0.5 }}>
                件
              </Box>
            </Box>
          </Box>
        </Paper>
      )
    })}
  </Box>
)
