import { loanStages } from '#rules/loan/stages.ts'
import { mayAct } from '#rules/cases/may-act.ts' // ✗
import { Show } from 'react-admin'

export const LoanShow = () => [Show, loanStages, mayAct]
