/** We were wrong: what must be true is not. Trying again would only say so again. */
export class Bug extends Error {
  override readonly name = 'Bug'
}

/** What the database, the network or a counterpart throws is none of these. */
const BUGS = ['Bug', 'AssertionError', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'ZodError', '$ZodError', 'NoResultError']

/** `fetch` reports a refused connection as a TypeError with the cause inside. */
export const isBug = (error: unknown): error is Error => error instanceof Error && BUGS.includes(error.name) && error.cause === undefined
