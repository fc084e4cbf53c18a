import { loanStages } from '../loan/stages.ts'
import { assess } from '../loan/assess.ts' // ✗

export const tables = [loanStages, assess]
