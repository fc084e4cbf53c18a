import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drawArcs, LABEL, WIDTH_PX } from './arc-places.ts'

const row = fc.integer({ min: 0, max: 13 })
const ways = fc.uniqueArray(fc.record({ from: row, to: row }), { selector: ({ from, to }) => `${from}-${to}`, maxLength: 12 })

test('no label stands on another, and none leaves the drawing', () => {
  fc.assert(
    fc.property(ways, (given) => {
      const labels = drawArcs(given).map(({ label }) => label)
      labels.forEach((one, index) => {
        expect(one.x + LABEL.widthPx).toBeLessThanOrEqual(WIDTH_PX)
        for (const other of labels.slice(index + 1)) {
          const apart = Math.abs(one.x - other.x) >= LABEL.widthPx || Math.abs(one.y - other.y) >= LABEL.heightPx
          expect(apart, JSON.stringify([one, other])).toBe(true)
        }
      })
    }),
  )
})

test('two arcs that leave from one row begin apart', () => {
  const [near, far] = drawArcs([
    { from: 5, to: 4 },
    { from: 5, to: 2 },
  ])
  expect(near?.start).not.toBe(far?.start)
})
