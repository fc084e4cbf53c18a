/** How many columns a table shows before, and after, that of the amounts; `before` is undefined when the amounts are hidden. */
export interface AmountPlace {
  readonly before: number | undefined
  readonly after: number
}

/**
 * Where the amounts stand in a table whose columns somebody has moved or hidden.
 * @param columns as they stood at first
 * @param ranks which of them stands at each place, as the table keeps it; may be shorter than `columns`
 */
export function amountPlace(columns: readonly string[], amount: string, ranks: readonly number[], hidden: readonly string[]): AmountPlace {
  const ordered: string[] = []
  for (const [index, column] of columns.entries()) ordered[ranks.includes(index) ? ranks.indexOf(index) : index] = column
  const shown = ordered.filter((column) => !hidden.includes(column))
  const at = shown.indexOf(amount)
  return at === -1 ? { before: undefined, after: shown.length } : { before: at, after: shown.length - at - 1 }
}
