/** Where the arcs of the stage map run, from row to row of a fixed height. */
export const ROW_PX = 56
export const WIDTH_PX = 76
/** Of a label such as 12次, in its font. */
export const LABEL = { widthPx: 26, heightPx: 13 } as const

interface Way {
  readonly from: number
  readonly to: number
}

export interface Arc {
  readonly start: number
  readonly end: number
  readonly reach: number
  readonly label: { readonly x: number; readonly y: number }
}

/** Every arc with its label; no label stands on another, however many arcs leave from one row or meet in the middle. */
export function drawArcs<W extends Way>(ways: readonly W[]): (W & Arc)[] {
  const drawn: (W & Arc)[] = []
  for (const way of ways) {
    const before = drawn.filter(({ from }) => from === way.from).length
    const start = middle(way.from) - 4 - before * 5
    const end = middle(way.to) + 4
    const reach = Math.min(WIDTH_PX - 12, 24 + Math.abs(way.from - way.to) * 9 + drawn.length * 5)
    const x = Math.min(reach * 0.75 + 4, WIDTH_PX - LABEL.widthPx)
    let y = (start + end) / 2 + 4
    for (let above = standsOn(drawn, x, y); above; above = standsOn(drawn, x, y)) y = above.label.y + LABEL.heightPx
    drawn.push({ ...way, start, end, reach, label: { x, y } })
  }
  return drawn
}

const middle = (row: number): number => row * ROW_PX + ROW_PX / 2

const standsOn = (drawn: readonly Arc[], x: number, y: number): Arc | undefined =>
  drawn.find(({ label }) => Math.abs(label.x - x) < LABEL.widthPx && Math.abs(label.y - y) < LABEL.heightPx)
