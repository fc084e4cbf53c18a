/** The value below which `percent` of the sorted values lie, by nearest rank. @throws RangeError without values */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
  if (found === undefined) throw new RangeError('a percentile of nothing')
  return found
}

/** The middle one of the values. @throws RangeError of none */
export const median = (values: readonly number[]): number => percentile(values, 50)

/** What a ratio was in each round: the middle, and how far rounds differ. */
export interface Ratio {
  readonly median: number
  readonly p10: number
  readonly p90: number
  readonly rounds: number
}

/** Ours against the contender's, round by round: what disturbed a round disturbed both halves of it. @throws RangeError for unequal lengths */
export function ratioOf(ours: readonly number[], contender: readonly number[]): Ratio {
  if (ours.length !== contender.length) throw new RangeError('a round has two halves')
  const ratios = ours.map((value, round) => value / (contender[round] ?? Number.NaN))
  return { median: median(ratios), p10: percentile(ratios, 10), p90: percentile(ratios, 90), rounds: ratios.length }
}

/** A B, B A, A B …: whoever comes second in one round comes first in the next. */
export async function inTurns<T>(rounds: number, first: (round: number) => Promise<T>, second: (round: number) => Promise<T>): Promise<[T[], T[]]> {
  const [ours, contender]: [T[], T[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) {
      ours.push(await first(round))
      contender.push(await second(round))
    } else {
      contender.push(await second(round))
      ours.push(await first(round))
    }
  }
  return [ours, contender]
}
