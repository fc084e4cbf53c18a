import { z } from 'zod'
import { caseId } from '../cases.ts'
import { endpoint } from '../endpoint.ts'
import { loanApplication } from '../loan.ts'
import { verdictView } from './cases.ts'

const COUNTER = ['INTAKE'] as const

export const loanApi = {
  reference: endpoint({
    method: 'GET',
    path: '/loans/reference',
    summary: '申请表所需的机构与参数',
    access: 'SIGNED_IN',
    response: z.strictObject({
      banks: z.array(z.strictObject({ orgId: z.string(), name: z.string() })),
      guarantors: z.array(z.strictObject({ orgId: z.string(), name: z.string() })),
      materials: z.array(z.strictObject({ code: z.string(), label: z.string(), required: z.boolean() })).describe('材料清单'),
      reasonCodes: z.array(z.strictObject({ code: z.string(), label: z.string(), article: z.string() })).describe('不予受理、不准予的理由'),
    }),
  }),
  preCheck: endpoint({
    method: 'POST',
    path: '/loans/pre-check',
    summary: '预审：与正式审核同一套规则，只读，不留案件',
    access: COUNTER,
    body: loanApplication,
    response: verdictView,
  }),
  submit: endpoint({
    method: 'POST',
    path: '/loans',
    summary: '提交贷款申请',
    access: COUNTER,
    body: loanApplication,
    response: z.strictObject({ caseId, caseNumber: z.string() }),
    status: 201,
    command: 'DESK',
  }),
  readApplication: endpoint({
    method: 'GET',
    path: '/loans/:caseId/application',
    summary: '申请内容；脱敏，可更正的环节向受理岗出示原文（留痕）',
    access: 'SIGNED_IN',
    params: z.strictObject({ caseId }),
    response: z.strictObject({ version: z.number().int(), clear: z.boolean().describe('未脱敏，供更正'), content: z.unknown() }),
  }),
  amend: endpoint({
    method: 'PUT',
    path: '/loans/:caseId/application',
    summary: '补正或退回时更正申请内容',
    access: COUNTER,
    params: z.strictObject({ caseId }),
    body: loanApplication,
    response: z.strictObject({ version: z.number().int() }),
    command: 'DESK',
    ifMatch: true,
  }),
  lookUpContributor: endpoint({
    method: 'POST',
    path: '/contributors/look-up',
    summary: '按证件号查缴存情况（留痕）',
    access: COUNTER,
    body: z.strictObject({ idNumber: z.string().trim().min(15).max(18) }),
    response: z.strictObject({
      found: z.boolean(),
      contributor: z
        .strictObject({
          name: z.string(),
          unitName: z.string(),
          accountNumber: z.string(),
          state: z.enum(['NORMAL', 'SEALED', 'CLOSED']),
          baseFen: z.string(),
          balanceFen: z.string(),
          monthsContributed: z.number().int(),
          paidThrough: z.string(),
          restricted: z.boolean().describe('账户受限；不说明原因'),
        })
        .nullable(),
    }),
  }),
  listDrafts: endpoint({
    method: 'GET',
    path: '/drafts',
    summary: '本人的草稿',
    access: 'SIGNED_IN',
    response: z.strictObject({ rows: z.array(z.strictObject({ id: z.uuid(), kind: z.string(), title: z.string(), updatedAt: z.string() })) }),
  }),
  readDraft: endpoint({
    method: 'GET',
    path: '/drafts/:draftId',
    summary: '读取草稿',
    access: 'SIGNED_IN',
    params: z.strictObject({ draftId: z.uuid() }),
    response: z.strictObject({ kind: z.string(), content: z.unknown() }),
  }),
  writeDraft: endpoint({
    method: 'PUT',
    path: '/drafts/:draftId',
    summary: '保存草稿',
    access: 'SIGNED_IN',
    params: z.strictObject({ draftId: z.uuid() }),
    body: z.strictObject({ kind: z.literal('loan'), title: z.string().max(80), content: z.record(z.string(), z.unknown()) }),
    response: z.strictObject({}),
  }),
  discardDraft: endpoint({
    method: 'DELETE',
    path: '/drafts/:draftId',
    summary: '丢弃草稿',
    access: 'SIGNED_IN',
    params: z.strictObject({ draftId: z.uuid() }),
    response: z.strictObject({}),
  }),
  checkDocument: endpoint({
    method: 'POST',
    path: '/documents/:documentId/check',
    summary: '核对材料',
    access: ['INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER'],
    params: z.strictObject({ documentId: z.uuid() }),
    body: z.strictObject({ state: z.enum(['VERIFIED', 'MISSING', 'MISMATCH']), remark: z.string().trim().max(200).default('') }),
    response: z.strictObject({}),
    command: 'DESK',
  }),
}
