import type { OrgKind, Post } from '#contracts/posts.ts'
import type { Stage, StageTable, StepGroup } from '#contracts/stages.ts'

/** The stage tables as rows, so that SQL can join them. */
export interface StageRows {
  readonly stages: readonly { readonly kind: string; readonly stage: string; readonly start: boolean; readonly terminal: boolean }[]
  /** Who is awaited there, at which organisation, in which step group. */
  readonly posts: readonly {
    readonly kind: string
    readonly stage: string
    readonly post: string
    readonly level: string
    readonly group: string
  }[]
  /** Where each action leads; `signs` where it is one of several signatures (会签) and the case waits for the others. */
  readonly ways: readonly {
    readonly kind: string
    readonly stage: string
    readonly action: string
    readonly to: string
    readonly signs: boolean
  }[]
}

/**
 * Spreads the tables out. The rules are handed in, because the database knows none: `levelOf` says at which organisation a post acts,
 * `groupOf` to which step group an act belongs. A kind's first stage is where its cases start.
 */
export function stageRows(
  tables: Readonly<Record<string, StageTable>>,
  { levelOf, groupOf }: { levelOf: Readonly<Record<Post, OrgKind>>; groupOf: (stage: Stage, post: Post) => StepGroup },
): StageRows {
  const all = Object.entries(tables).flatMap(([kind, table]) =>
    Object.entries<Stage>(table).map(([stage, is], index) => ({ kind, stage, is, start: index === 0 })),
  )
  return {
    stages: all.map(({ kind, stage, is, start }) => ({ kind, stage, start, terminal: is.terminal === true })),
    posts: all.flatMap(({ kind, stage, is }) =>
      is.posts.map((post) => ({ kind, stage, post, level: levelOf[post], group: groupOf(is, post) })),
    ),
    ways: all.flatMap(({ kind, stage, is }) =>
      Object.entries(is.actions).flatMap(([action, { to, tone }]) =>
        to.map((toStage) => ({ kind, stage, action, to: toStage, signs: is.posts.length > 1 && tone === 'forward' })),
      ),
    ),
  }
}
