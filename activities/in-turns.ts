/** So many at the same time are put to a counterpart that answers each in milliseconds. */
const AT_ONCE = 16

/** Works through a list, so many at a time. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]()
  const hand = async (): Promise<void> => {
    for (const item of waiting) await work(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, hand))
}
