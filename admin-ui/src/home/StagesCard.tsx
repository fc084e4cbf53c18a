import { CASE_KINDS } from '#contracts/cases.ts'
import { Box } from '@mui/material'
import { Link } from 'react-router'
import type { Answer } from '../api/client.ts'
import { listAddress } from '../layout/pages.ts'
import { Empty, Panel } from '../common/Panel.tsx'

/** The same cases by where they stand. A bar is a number with a length, not a chart. */
export const StagesCard = ({ counts }: { counts: Answer<'countTasks'> | undefined }) => {
  const rows = counts?.byStage ?? []
  const most = Math.max(1, ...rows.map(({ count }) => count))
  return (
    <Panel title="待办按环节">
      {rows.length === 0 ? (
        <Empty>{counts ? '没有待办。' : '正在读取…'}</Empty>
      ) : (
        <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 0.5 }}>
          {rows.map(({ kind, stage, stageLabel, count }) => (
            <li key={kind + stage}>
              <Box
                component={Link}
                to={listAddress('todo', { kind, stage })}
                sx={{
                  display: 'grid',
                  gridTemplateColumns: '9.5em 1fr 2.5em',
                  alignItems: 'center',
                  gap: 1,
                  py: 0.375,
                  textDecoration: 'none',
                  color: 'text.primary',
                  '&:hover': { bgcolor: 'action.hover' },
                }}
              >
                <span title={CASE_KINDS[kind]}>{stageLabel}</span>
                <Box sx={{ height: 8, borderRadius: 1, bgcolor: 'action.hover' }}>
                  <Box sx={{ height: 8, borderRadius: 1, bgcolor: 'primary.main', opacity: 0.75, width: `${(count * 100) / most}%` }} />
                </Box>
                <Box component="span" sx={{ textAlign: 'right', fontWeight: 600 }}>
                  {count}
                </Box>
              </Box>
            </li>
          ))}
        </Box>
      )}
    </Panel>
  )
}
