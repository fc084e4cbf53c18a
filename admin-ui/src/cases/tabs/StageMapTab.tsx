import { POSTS } from '#contracts/posts.ts'
import { Box } from '@mui/material'
import { alpha } from '@mui/material/styles'
import { minuteText } from '../../common/figures.ts'
import { ReaderText } from '../../common/ReaderText.tsx'
import { Tag } from '../../common/Tag.tsx'
import type { CaseView } from '../case-text.ts'
import { ROW_PX } from './arc-places.ts'
import { returnsOf, ReturnArcs } from './ReturnArcs.tsx'

type StageView = CaseView['stages'][number]

const STATES: Readonly<Record<StageView['state'], string>> = {
  DONE: '已办',
  CURRENT: '当前',
  NEXT: '可能的下一步',
  AHEAD: '未到',
  SKIPPED: '未经过',
}

/**
 * 流转: the stage table in its own order, from the same answer as list and page. A list in the markup, so that it prints and is read aloud;
 * returns are arcs at its side, drawn from what happened.
 */
export const StageMapTab = ({ view }: { view: CaseView }) => {
  const rows = rowsOf(view.stages)
  const returns = returnsOf(view, rows)
  const widest = Math.max(...rows.map((row) => row.length))
  return (
    <>
      <Box sx={{ display: 'flex', gap: 2, mb: 1.5, color: 'text.secondary', fontSize: '0.75rem', flexWrap: 'wrap' }}>
        <span>
          <Swatch kind="DONE" /> 已办
        </span>
        <span>
          <Swatch kind="CURRENT" /> 当前
        </span>
        <span>
          <Swatch kind="NEXT" /> 可能的下一步
        </span>
        <span>
          <Swatch kind="AHEAD" /> 未到或未经过
        </span>
        {returns.length > 0 && <span>右侧弧线：退回、撤回及补正</span>}
      </Box>
      <Box sx={{ position: 'relative', pr: returns.length > 0 ? '84px' : 0 }}>
        <Box component="ol" aria-label="环节图" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {rows.map((stages, index) => (
            <Box
              key={stages[0]?.stage}
              component="li"
              sx={{
                height: ROW_PX,
                position: 'relative',
                pl: 4,
                display: 'grid',
                gridTemplateColumns: `repeat(${widest}, minmax(0, 1fr))`,
                gap: 1,
                alignItems: 'center',
                '&::before': {
                  content: '""',
                  position: 'absolute',
                  left: 9,
                  top: index === 0 ? '50%' : 0,
                  bottom: index === rows.length - 1 ? '50%' : 0,
                  width: '2px',
                  bgcolor: 'divider',
                },
              }}
            >
              <Dot stages={stages} />
              {stages.map((stage) => (
                <StageBox key={stage.stage} stage={stage} view={view} />
              ))}
            </Box>
          ))}
        </Box>
        <ReturnArcs returns={returns} rows={rows.length} />
      </Box>
    </>
  )
}

const StageBox = ({ stage, view }: { stage: StageView; view: CaseView }) => {
  const last = view.timeline.findLast(
    (entry) => entry.stage === stage.stage && !entry.takesBack && (entry.kind === 'DECISION' || entry.kind === 'MACHINE'),
  )
  const current = stage.state === 'CURRENT'
  return (
    <Box
      aria-current={current ? 'step' : undefined}
      sx={(theme) => ({
        minWidth: 0,
        px: 1.25,
        py: 0.625,
        borderRadius: 1,
        border: current
          ? `2px solid ${theme.palette.primary.main}`
          : `1px ${stage.state === 'NEXT' ? 'dashed' : 'solid'} ${stage.state === 'NEXT' ? theme.palette.primary.main : theme.palette.divider}`,
        backgroundColor:
          stage.state === 'DONE'
            ? alpha(theme.palette.success.main, 0.08)
            : current
              ? alpha(theme.palette.primary.main, 0.08)
              : 'transparent',
        color: stage.state === 'AHEAD' || stage.state === 'SKIPPED' ? theme.palette.text.secondary : theme.palette.text.primary,
      })}
    >
      <Box sx={{ display: 'flex', gap: 0.75, alignItems: 'center' }}>
        <Box component="span" sx={{ fontWeight: current ? 700 : 500, whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}>
          {stage.label}
        </Box>
        <ReaderText>{STATES[stage.state]}</ReaderText>
        {stage.visits > 1 && <Tag tone="warn">{stage.visits} 次</Tag>}
        {current && view.case.paused && <Tag tone="info">计时暂停</Tag>}
      </Box>
      <Box sx={{ fontSize: '0.75rem', color: 'text.secondary', whiteSpace: 'nowrap', overflow: 'hidden', textOverflow: 'ellipsis' }}>
        {last
          ? `${last.person ?? '系统'} ${minuteText(last.at)}`
          : stage.posts.map((post) => POSTS[post]).join('、') || (stage.terminal ? '办结' : '系统')}
      </Box>
    </Box>
  )
}

const Dot = ({ stages }: { stages: readonly StageView[] }) => {
  const current = stages.some(({ state }) => state === 'CURRENT')
  const done = stages.some(({ state }) => state === 'DONE')
  return (
    <Box
      aria-hidden
      sx={{
        position: 'absolute',
        left: 3,
        width: 14,
        height: 14,
        borderRadius: '50%',
        bgcolor: current ? 'primary.main' : done ? 'success.main' : 'background.paper',
        border: 2,
        borderColor: current ? 'primary.main' : done ? 'success.main' : 'divider',
        boxSizing: 'border-box',
      }}
    />
  )
}

const Swatch = ({ kind }: { kind: StageView['state'] }) => (
  <Box
    component="span"
    sx={{
      display: 'inline-block',
      width: 14,
      height: 10,
      mr: 0.5,
      borderRadius: '2px',
      border: kind === 'NEXT' ? '1px dashed' : '1px solid',
      borderColor: kind === 'DONE' ? 'success.main' : kind === 'AHEAD' ? 'divider' : 'primary.main',
      bgcolor: kind === 'DONE' ? 'success.main' : kind === 'CURRENT' ? 'primary.main' : 'transparent',
    }}
  />
)

/** Stages that stand side by side in the table share a row. */
function rowsOf(stages: readonly StageView[]): StageView[][] {
  const orders = [...new Set(stages.map(({ order }) => order))].sort((a, b) => a - b)
  return orders.map((order) => stages.filter((stage) => stage.order === order))
}
