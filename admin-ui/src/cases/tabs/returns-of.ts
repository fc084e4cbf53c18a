import type { CaseView } from '../case-text.ts'

type StageView = CaseView['stages'][number]

export interface Return {
  readonly from: number
  readonly to: number
  readonly times: number
  readonly label: string
}

interface Place {
  readonly row: number
  readonly order: number
}

/**
 * Every way back that was taken, by the lines of the map, with how often. What is kept as a step back may all the same lead on: whoever denies
 * that money came back leaves a loan paid out. And what stays on its line has no way to show.
 */
export function returnsOf(timeline: CaseView['timeline'], rows: readonly (readonly StageView[])[]): Return[] {
  const found = new Map<string, Return>()
  for (const entry of timeline) {
    if (entry.kind !== 'DECISION' || entry.tone !== 'back' || entry.recalled) continue
    const from = placeOf(rows, ({ stage }) => stage === entry.stage)
    const to = placeOf(rows, ({ label }) => label === entry.toStageLabel)
    if (!from || !to || from.row === to.row || to.order > from.order) continue
    const key = `${from.row}-${to.row}`
    found.set(key, {
      from: from.row,
      to: to.row,
      times: (found.get(key)?.times ?? 0) + 1,
      label: `${entry.stageLabel} ${entry.actionLabel ?? '退回'}至 ${entry.toStageLabel}`,
    })
  }
  return [...found.values()]
}

function placeOf(rows: readonly (readonly StageView[])[], is: (stage: StageView) => boolean): Place | undefined {
  const row = rows.findIndex((stages) => stages.some(is))
  const stage = rows[row]?.find(is)
  return stage && { row, order: stage.order }
}
