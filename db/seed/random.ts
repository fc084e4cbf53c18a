/** Numbers that look random and are the same every time. Not for secrets. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
  chance(percent: number): boolean
  pick<T>(list: readonly T[]): T
  /** Version 4 by its shape; the same seed gives the same ids. */
  uuid(): string
  /** A stream of its own: what one part of the city draws does not move another. */
  fork(name: string): Random
}

/** Splitmix32: one addition and two multiplications a number, no state but the counter. */
export function createRandom(seed: number): Random {
  let counter = seed >>> 0
  const next = (): number => {
    counter = (counter + 0x9e3779b9) >>> 0
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const int = (min: number, max: number): number => min + (next() % (max - min + 1))
  const hex = (): string => next().toString(16).padStart(8, '0')
  return {
    int,
    chance: (percent) => int(0, 99) < percent,
    pick: (list) => {
      const found = list[int(0, list.length - 1)]
      if (found === undefined) throw new RangeError('nothing to pick from')
      return found
    },
    uuid: () => {
      const digits = hex() + hex() + hex() + hex()
      const variant = '89ab'.charAt(Number.parseInt(digits.charAt(16), 16) % 4)
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
    },
    fork: (name) =>
      createRandom(
        Array.from(name).reduce((mixed, letter) => Math.imul(mixed ^ (letter.codePointAt(0) ?? 0), 0x01000193), seed ^ 0x811c9dc5),
      ),
  }
}
