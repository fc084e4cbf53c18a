/** We were wrong: what must be true is not. Trying again would only say so again. */
export class Bug extends Error {
  override readonly name = 'Bug'
}
