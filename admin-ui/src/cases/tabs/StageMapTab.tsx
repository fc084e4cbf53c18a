import { POSTS } from '#contracts/posts.ts'
import { Box } from '@mui/material'
import { alpha } from '@mui/material/styles'
import { minuteText } from '../../common/figures.ts'
import { ReaderText } from '../../common/ReaderText.tsx'
import { Tag } from '../../common/Tag.tsx'
import { STAGE_TABLES, type CaseView } from '../case-text.ts'
import { ROW_PX, WIDTH_PX } from './arc-places.ts'
import { ReturnArcs } from './ReturnArcs.tsx'
import { returnsOf } from './returns-of.ts'

type StageView = CaseView['stages'][number]

/** More would leave no room for a name and an instant. */
const ABREAST_MAX = 3
const COLUMNS = `repeat(${ABREAST_MAX}, minmax(0, 1fr))`

const STATES: Readonly<Record<StageView['state'], string>> = {
  DONE: '已办',
  CURRENT: '当前',
  NEXT: '可能的下一步',
  AHEAD: '未到',
  SKIPPED: '未经过',
}

/**
 * 流转: the stage table in its own order, from the same answer as list and page. A list in the markup, so that it prints and is read aloud;
 * returns are arcs beside it, drawn from what happened.
 */
export const StageMapTab = ({ view }: { view: CaseView }) => {
  const isExit = ({ stage, state }: StageView): boolean => state === 'NEXT' && isEnding(view, stage)
  const stages = view.stages.map((stage) =>
    stage.state === 'NEXT' && !isOpen(view, stage) ? { ...stage, state: 'AHEAD' as const } : stage,
  )
  const lines = linesOf(stages.filter((stage) => !isExit(stage)))
  const exits = stages.filter(isExit)
  const returns = returnsOf(
    view.timeline,
    lines.map((line) => line.stages),
  )
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
        {returns.length > 0 && <span>左侧弧线：转回先前环节，注明次数</span>}
      </Box>
      <Box sx={{ position: 'relative', pl: returns.length > 0 ? `${WIDTH_PX}px` : 0 }}>
        <Box component="ol" aria-label="环节图" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {lines.map((line, index) => (
            <LineItem key={line.stages[0]?.stage} line={line} top={index === 0} bottom={index === lines.length - 1} view={view} />
          ))}
        </Box>
        <ReturnArcs returns={returns} rows={lines.length} />
      </Box>
      {exits.length > 0 && (
        <Box sx={{ mt: 1.5, pt: 1.5, borderTop: 1, borderColor: 'divider' }}>
          <Box sx={{ color: 'text.secondary', fontSize: '0.75rem', mb: 1 }}>本环节也可能就此终止：</Box>
          <Box sx={{ display: 'grid', gridTemplateColumns: COLUMNS, gap: 1, pl: 4, ml: returns.length > 0 ? `${WIDTH_PX}px` : 0 }}>
            {exits.map((stage) => (
              <StageBox key={stage.stage} stage={stage} view={view} />
            ))}
          </Box>
        </Box>
      )}
    </>
  )
}

interface LineItemProps {
  line: Line
  top: boolean
  bottom: boolean
  view: CaseView
}

const LineItem = ({ line: { stages, dot }, top, bottom, view }: LineItemProps) => (
  <Box
    component="li"
    sx={{
      height: ROW_PX,
      position: 'relative',
      pl: 4,
      display: 'grid',
      gridTemplateColumns: COLUMNS,
      gap: 1,
      alignItems: 'center',
      '&::before': {
        content: '""',
        position: 'absolute',
        left: 9,
        top: top ? '50%' : 0,
        bottom: bottom ? '50%' : 0,
        width: '2px',
        bgcolor: 'divider',
      },
    }}
  >
    {dot && <Dot state={dot} />}
    {stages.map((stage) => (
      <StageBox key={stage.stage} stage={stage} view={view} />
    ))}
  </Box>
)

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
        py: 0.375,
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

const Dot = ({ state }: { state: DotState }) => {
  const colour = { CURRENT: 'primary.main', DONE: 'success.main', AHEAD: undefined }[state]
  return (
    <Box
      aria-hidden
      sx={{
        position: 'absolute',
        left: 3,
        width: 14,
        height: 14,
        borderRadius: '50%',
        bgcolor: colour ?? 'background.paper',
        border: 2,
        borderColor: colour ?? 'divider',
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

/** Whether an act of this stage leads there as the case stands: of the places a case may be sent back to, often only one. */
const isOpen = ({ actions }: CaseView, { stage }: StageView): boolean => actions.some(({ to }) => to.some((place) => place.stage === stage))

/** Whether a case that comes here is over without what it was opened for. */
function isEnding(view: CaseView, stage: string): boolean {
  const found = STAGE_TABLES[view.case.kind][stage]
  return found?.terminal === true && found.aim !== true
}

type DotState = 'CURRENT' | 'DONE' | 'AHEAD'

interface Line {
  readonly stages: readonly StageView[]
  /** On the first line of its order, and on every further one that was come to. */
  readonly dot: DotState | undefined
}

/** Stages that stand side by side in the table share a line, or as many lines as it takes to read them. */
function linesOf(stages: readonly StageView[]): Line[] {
  const orders = [...new Set(stages.map(({ order }) => order))].sort((a, b) => a - b)
  return orders.flatMap((order) => {
    const abreast = stages.filter((stage) => stage.order === order)
    return Array.from({ length: Math.ceil(abreast.length / ABREAST_MAX) }, (_, line) => {
      const here = abreast.slice(line * ABREAST_MAX, (line + 1) * ABREAST_MAX)
      return { stages: here, dot: dotOf(here) ?? (line === 0 ? 'AHEAD' : undefined) }
    })
  })
}

const dotOf = (stages: readonly StageView[]): DotState | undefined =>
  (['CURRENT', 'DONE'] as const).find((wanted) => stages.some(({ state }) => state === wanted))
