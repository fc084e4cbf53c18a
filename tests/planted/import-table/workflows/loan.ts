import { condition } from '@temporalio/workflow'
import type { LoanActivities } from '#activities/loan.ts'
import { loanActivities } from '#activities/loan.ts' // ✗
import { loanStages } from '#rules/loan/stages.ts'
import { assess } from '#rules/loan/assess.ts' // ✗
import { z } from 'zod' // ✗

export const loan = (activities: LoanActivities) => [condition, loanActivities, loanStages, assess, z, activities]
