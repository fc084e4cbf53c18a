import { z } from 'zod'
import { caseFenText } from './money.ts'
import { parsePlainDate, plainDateText } from './dates.ts'
import { handAnswers } from './hand-answers.ts'
import { postCode } from './posts.ts'
import type { Refusal } from './problem.ts'

/** Kinds of case. Adding one is: add the word here, follow the compiler. */
export const CASE_KINDS = { loan: '住房贷款', 'staff-change': '人员权限变更' } as const
export type CaseKind = keyof typeof CASE_KINDS
export const caseKind = z.enum(Object.keys(CASE_KINDS) as [CaseKind, ...CaseKind[]]).meta({ id: 'CaseKind', description: '案件类型' })

export const caseId = z.uuid().meta({ id: 'CaseId', description: '案件内部标识' })
/** The id under which the engine knows a case. Everything that starts or wakes it goes by this one. */
export const workflowIdOf = (kind: CaseKind, id: string): string => `${kind}/${id}`

/** The record of a case that every layer passes on: where it stands and which version that is. No personal data. */
export interface CaseState {
  readonly caseId: string
  readonly kind: CaseKind
  readonly stage: string
  readonly stageVersion: number
  readonly open: boolean
}

/** A case is started from its id alone; the record says where it stands. */
export interface CaseInput {
  readonly caseId: string
}

/** All that travels to the engine with a decision: what it decides stays in the command's row. */
export interface CommandRef {
  readonly commandId: string
  readonly expectedVersion: number
}

/** What a command left behind: the answer that every repeat gets again, for the life of the case. */
export type StoredAnswer = { readonly done: unknown } | { readonly refused: Refusal }

/** What the engine answers to a decision. */
export interface DecisionAnswer {
  readonly answer: StoredAnswer
  readonly state: CaseState
}

/** 一次性告知: the acts that tell the applicant what is wanted. A second one in a case needs a reason, which is counted. */
export const isNotice = (action: string): boolean => action === 'request-correction' || action === 'supplement'

/** What an officer sends to move a case. `action` is a word of the stage table, or `recall` (撤回本人决定). */
export const decisionInput = z
  .strictObject({
    action: z
      .string()
      .regex(/^[a-z][a-z-]{1,40}$/)
      .describe('动作'),
    to: z
      .string()
      .regex(/^[A-Z_]{2,40}$/)
      .optional()
      .describe('退回等多去向动作所指的环节'),
    opinion: z.string().trim().max(2000).default('').describe('意见'),
    reasonCode: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]{2,60}$/)
      .optional()
      .describe('理由代码'),
    furtherReasonCodes: z
      .array(z.string().regex(/^[A-Z][A-Z0-9_]{2,60}$/))
      .max(20)
      .default([])
      .describe('其余理由的代码；不予受理、不准予贷款须写明全部理由'),
    wants: z
      .array(z.strictObject({ item: z.string().trim().min(2).max(100), reason: z.string().trim().min(2).max(300) }))
      .max(30)
      .default([])
      .describe('需补正的材料及原因'),
    secondNoticeReason: z.string().trim().min(4).max(500).optional().describe('再次告知的理由（一次性告知之外，会被统计）'),
    terms: z
      .strictObject({ amountFen: caseFenText, months: z.number().int().min(1).max(360) })
      .optional()
      .describe('建议或批准的金额与期限'),
    fields: z
      .record(z.string().regex(/^[a-zA-Z]{2,40}$/), z.string().trim().max(200))
      .superRefine((fields, context) => {
        // A field that ends in On is a day: one that no calendar has must not reach a column that takes only days.
        for (const [name, text] of Object.entries(fields)) {
          if (name.endsWith('On') && text !== '' && !parsePlainDate(text))
            context.addIssue({ code: 'custom', path: [name], message: '日期须为真实存在的 YYYY-MM-DD' })
        }
      })
      .default({})
      .describe('本环节登记的信息，如合同编号；名称以 On 结尾的为日期'),
    answers: handAnswers.default([]).describe('人工核验的结果：没有答复的来源，凭证上怎么写'),
    oneTimeCode: z
      .string()
      .regex(/^\d{6}$/)
      .optional()
      .describe('动态口令'),
  })
  .meta({ id: 'DecisionInput' })
export type DecisionInput = z.output<typeof decisionInput>

/** What a command answers when it is done. When the engine needs longer: 202, `RUNNING`, and the command's address in `Location`. A refusal is a problem. */
export const commandResult = z
  .strictObject({
    commandId: z.uuid(),
    state: z.enum(['DONE', 'RUNNING']),
    caseId: caseId.optional(),
    stage: z.string().optional(),
    stageVersion: z.number().int().optional(),
  })
  .meta({ id: 'CommandResult' })
export type CommandResult = z.output<typeof commandResult>

/** The four lists of the workbench, as their tabs are called. */
export const TASK_LISTS = { todo: '待办', done: '已办', started: '我发起', copied: '抄送' } as const
export type TaskList = keyof typeof TASK_LISTS

export const caseRow = z
  .strictObject({
    id: caseId,
    kind: caseKind,
    caseNumber: z.string(),
    applicant: z.string().nullable().describe('申请人（脱敏）；没有申请人的案件为 null'),
    amountFen: z.string().nullable(),
    stage: z.string(),
    stageLabel: z.string(),
    stageVersion: z.number().int(),
    post: postCode.nullable(),
    orgName: z.string(),
    arrivedAt: z.string(),
    dueOn: plainDateText.nullable(),
    daysLeft: z.number().int().nullable().describe('剩余天数；负数为超期'),
    daysUnit: z.enum(['CALENDAR', 'WORKING']).nullable(),
    dueWhose: z
      .enum(['DECISION', 'POST', 'APPLICANT'])
      .nullable()
      .describe('到期日是谁的期限：法定审批期限、本环节办理时限、申请人补正期限'),
    paused: z.boolean(),
    claimedBy: z.string().nullable(),
    claimedAt: z.string().nullable(),
    claimedByMe: z.boolean(),
    previousOpinion: z.string().nullable(),
    open: z.boolean(),
  })
  .meta({ id: 'CaseRow' })
export type CaseRow = z.output<typeof caseRow>
