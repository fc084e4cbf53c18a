import { useTheme } from '@mui/material'
import type { CaseView } from '../case-text.ts'

type StageView = CaseView['stages'][number]

export const ROW_PX = 62
const WIDTH_PX = 76

interface Return {
  readonly from: number
  readonly to: number
  readonly times: number
  readonly label: string
}

/** Every way back that was taken, by the rows of the map, with how often. */
export function returnsOf(view: CaseView, rows: readonly (readonly StageView[])[]): Return[] {
  const rowOf = (is: (stage: StageView) => boolean): number => rows.findIndex((row) => row.some(is))
  const found = new Map<string, Return>()
  for (const entry of view.timeline) {
    if (entry.kind !== 'DECISION' || entry.tone !== 'back' || entry.recalled) continue
    const from = rowOf(({ stage }) => stage === entry.stage)
    const to = rowOf(({ label }) => label === entry.toStageLabel)
    if (from < 0 || to < 0 || from === to) continue
    const key = `${from}-${to}`
    found.set(key, { from, to, times: (found.get(key)?.times ?? 0) + 1, label: `${entry.stageLabel} 退回 ${entry.toStageLabel}` })
  }
  return [...found.values()]
}

export const ReturnArcs = ({ returns, rows }: { returns: readonly Return[]; rows: number }) => {
  const { palette } = useTheme()
  if (returns.length === 0) return null
  const middle = (row: number): number => row * ROW_PX + ROW_PX / 2
  return (
    <svg
      role="img"
      aria-label={returns.map(({ label, times }) => `${label}${times}次`).join('；')}
      width={WIDTH_PX}
      height={rows * ROW_PX}
      style={{ position: 'absolute', right: 0, top: 0 }}
    >
      <defs>
        <marker id="return-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8Z" fill={palette.warning.main} />
        </marker>
      </defs>
      {returns.map(({ from, to, times }, index) => {
        // Arcs that leave from the same row are drawn apart.
        const reach = Math.min(WIDTH_PX - 12, 24 + Math.abs(from - to) * 9 + index * 5)
        const [start, end] = [middle(from) - 4, middle(to) + 4]
        return (
          <g key={`${from}-${to}`}>
            <path
              d={`M2 ${start} C ${reach} ${start}, ${reach} ${end}, 4 ${end}`}
              fill="none"
              stroke={palette.warning.main}
              strokeWidth="1.5"
              markerEnd="url(#return-head)"
            />
            <text x={reach * 0.75 + 4} y={(start + end) / 2 + 4} fontSize="11" fill={palette.text.secondary}>
              {times}次
            </text>
          </g>
        )
      })}
    </svg>
  )
}
