import { CaseList } from './CaseList.tsx'

/** The four lists of the workbench and the whole of what a person may see: one list, five questions. */
export const Todo = () => <CaseList title="待办" empty="没有待办的案件。新的案件到达时会自动出现在这里。" />
export const Done = () => <CaseList title="已办" empty="还没有办理过案件。办理过的案件留在这里，可随时查看现在到哪里。" />
export const Started = () => <CaseList title="我发起" empty="还没有发起过案件。" />
export const Copied = () => <CaseList title="抄送" empty="没有抄送给您的案件。" />
export const AllCases = () => <CaseList title="全部案件" empty="没有可以查看的案件。" />
