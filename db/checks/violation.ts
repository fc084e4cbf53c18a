/** What must be true of the whole house at any time; the numbers are those of the assurance plan. */
export const INVARIANTS = {
  I1: '账平',
  I2: '余额与冻结',
  I3: '划款、预留与凭证',
  I4: '命令与决定',
  I5: '待办与环节',
  I6: '案件与流程',
  I7: '一案一组',
  I8: '审计链',
  I9: '时限',
  I12: '决定可重做',
  I13: '发件箱',
  I14: '由事实推出的状态',
} as const
export type Invariant = keyof typeof INVARIANTS

/** One thing that should never be, with the rows that show it. */
export interface Violation {
  readonly invariant: Invariant
  /** In Chinese: what is not so. */
  readonly what: string
  /** How many rows show it. */
  readonly count: number
  /** The first of them. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

export const ROWS_SHOWN = 20

/** Gathers rows of one violation that are found one at a time. */
export function collect(invariant: Invariant, what: string) {
  const rows: Record<string, unknown>[] = []
  let count = 0
  return {
    add(row: Record<string, unknown>): void {
      count += 1
      if (rows.length < ROWS_SHOWN) rows.push(row)
    },
    violations: (): Violation[] => (count === 0 ? [] : [{ invariant, what, count, rows }]),
  }
}
