import { useTheme } from '@mui/material'
import { drawArcs, LABEL, ROW_PX, WIDTH_PX } from './arc-places.ts'
import type { Return } from './returns-of.ts'

export const ReturnArcs = ({ returns, rows }: { returns: readonly Return[]; rows: number }) => {
  const { palette } = useTheme()
  if (returns.length === 0) return null
  const arcs = drawArcs(returns)
  return (
    <svg
      role="img"
      aria-label={returns.map(({ label, times }) => `${label}${times}次`).join('；')}
      width={WIDTH_PX}
      height={rows * ROW_PX}
      style={{ position: 'absolute', left: 0, top: 0 }}
    >
      <defs>
        <marker id="return-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8Z" fill={palette.warning.main} />
        </marker>
      </defs>
      {arcs.map(({ from, to, start, end, reach }) => (
        <path
          key={`${from}-${to}`}
          d={`M${WIDTH_PX} ${start} C ${WIDTH_PX - reach} ${start}, ${WIDTH_PX - reach} ${end}, ${WIDTH_PX - 1} ${end}`}
          fill="none"
          stroke={palette.warning.main}
          strokeWidth="1.5"
          markerEnd="url(#return-head)"
        />
      ))}
      {/* Above all arcs and with a rim of the paper's colour, so that none runs through a figure. */}
      {arcs.map(({ from, to, times, label }) => (
        <text
          key={`${from}-${to}`}
          x={WIDTH_PX - label.x - LABEL.widthPx}
          y={label.y}
          fontSize="11"
          fill={palette.text.secondary}
          stroke={palette.background.paper}
          strokeWidth="3"
          paintOrder="stroke"
        >
          {times}次
        </text>
      ))}
    </svg>
  )
}
