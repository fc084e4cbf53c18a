import type { CaseKind } from '#contracts/cases.ts'
import { STAGE_TABLES } from '../case-text.ts'
import { stageOfAct } from './stage-of-act.ts'

/** Acts as the archive writes them, `verb/what`. What people decide is not here: it is called what its button is called. */
const ACTS: Readonly<Record<string, string>> = {
  'open/loan': '立案',
  'open/staff-change': '立案',
  'note/NOTE': '备注',
  'note/URGE': '催办',
  'note/RISK': '风险提示',
  copy: '抄送',
  reveal: '查看个人信息',
  amend: '更正申请',
  'document/upload': '上传材料',
  'check-by-hand': '登记人工核验结果',
  'document/VERIFIED': '核对材料：已核',
  'document/MISSING': '核对材料：缺',
  'document/MISMATCH': '核对材料：不符',
  'take-over': '接手',
  'read/case': '查看案情（征信、家庭信息）',
  'read/document': '查看材料原件',
  'print/paper': '查看、打印文书',
  'read/application': '查看申请',
  'refile/loan': '更正后重新登记',
  'finding/denied': '系统：认定已不能办理，终止',
  'deadline/recount': '期限：工作日历调整后重算',
  'deadline/STAGE_OVERDUE': '期限：环节超时',
  'deadline/DECISION_SOON': '期限：审批期限将届满',
  'deadline/DECISION_OVERDUE': '期限：审批超期',
  'deadline/ANSWER_DUE': '期限：补正期限届满',
  'deadline/APPROVAL_EXPIRED': '期限：审批有效期届满',
  'decide/open-file': '系统：受理登记',
  'decide/check-data': '系统：联网核验',
  'decide/check-release': '系统：放款前复核',
  'decide/check-signing': '系统：签约核验',
  'decide/file-mortgage': '系统：申请抵押登记',
  'decide/check-mortgage': '系统：核对抵押登记',
  'decide/settle': '系统：划款结果',
  'decide/dispute': '系统：认定交由资金结算岗确认',
  'decide/recall': '撤回',
  'refused/recall': '撤回未准',
}

const VERBS: Readonly<Record<string, string>> = { decide: '办理', refused: '办理未准' }

/** What was done, in the words of its button where a person decided it. What has no words here stands in the row's own text, as it was written. */
export function actText({ act, body }: { readonly act: string; readonly body: string }, kind: CaseKind): string {
  const known = ACTS[act]
  if (known) return known
  const [verb = '', what = ''] = act.split('/')
  const stages = STAGE_TABLES[kind]
  const from = stageOfAct(body)
  const here = from ? stages[from]?.actions[what] : undefined
  const action = here?.label ?? Object.values(stages).find(({ actions }) => actions[what])?.actions[what]?.label
  return VERBS[verb] ? `${VERBS[verb]}：${action ?? '不在环节表中的动作'}` : '其他行为（见原文）'
}
