import type { CaseKind } from '#contracts/cases.ts'
import type { Stage, StageTable } from '#contracts/stages.ts'
import { loanStages } from '../loan/stages.ts'
import { staffChangeStages } from '../staff-change/stages.ts'

/** The stage table of every kind of case. */
export const stageTables = { loan: loanStages, 'staff-change': staffChangeStages } satisfies Record<CaseKind, StageTable>

/** A stage by its recorded name. @throws RangeError for a name the kind does not know: the record and the code disagree. */
export function stageOf(kind: CaseKind, stage: string): Stage {
  const table: StageTable = stageTables[kind]
  const found = table[stage]
  if (!found) throw new RangeError(`${kind} has no stage ${stage}`)
  return found
}
