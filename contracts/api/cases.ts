import { z } from 'zod'
import { caseId, caseKind, caseRow, commandResult, decisionInput } from '../cases.ts'
import { plainDateText } from '../dates.ts'
import { endpoint } from '../endpoint.ts'
import { findingView } from '../findings.ts'
import { handPerson, handQuestion } from '../hand-answers.ts'
import { postCode } from '../posts.ts'
import { pageInfo } from './page.ts'

/** What everybody who may see a payment is told of it, on the case and on the page of payments. */
export const paymentFields = {
  amountFen: z.string(),
  payeeName: z.string(),
  payeeBank: z.string(),
  payeeAccount: z.string(),
  state: z.enum(['CREATED', 'SENT', 'ACCEPTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN']),
  bankReference: z.string().nullable(),
  failure: z.string().nullable(),
  createdAt: z.string(),
  settledAt: z.string().nullable(),
}

const caseParams = z.strictObject({ caseId })

/** A list of cases, by keyset. `total` is exact up to 10 000; so is the sum, which beyond that is not given at all. */
export const casePage = z
  .strictObject({
    rows: z.array(caseRow),
    pageInfo,
    total: z.number().int(),
    totalIsExact: z.boolean(),
    sumFen: z.string().nullable().describe('符合查询条件的全部案件的金额合计，单位：分；超过一万件时为 null'),
    asOf: z.string().describe('读取时刻'),
  })
  .meta({ id: 'CasePage' })

export const listQuery = {
  after: z.string().max(200).optional().describe('游标'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  kind: caseKind.optional(),
  stage: z
    .string()
    .regex(/^[A-Z_]{2,40}$/)
    .optional(),
  due: z.enum(['overdue', 'today']).optional().describe('期限：已超期，或今日到期'),
  returned: z.enum(['true']).optional().describe('只看由退回到达现环节的'),
}

/** 案号、姓名或证件号后四位. Travels in the body: an address is written down on its way, and nothing of a person stands in one. */
const searchText = z.strictObject({ q: z.string().trim().min(1).max(60).describe('案号、姓名或证件号后四位') })

const taskListParams = z.strictObject({ list: z.enum(['todo', 'done', 'started', 'copied']) })
const taskListQuery = z.strictObject({
  ...listQuery,
  claimed: z.enum(['mine', 'none']).optional(),
  unread: z.enum(['true']).optional().describe('只看抄送给本人、尚未阅知的'),
})
const caseListQuery = z.strictObject({ ...listQuery, open: z.enum(['true', 'false']).optional() })

const reasonView = z.strictObject({
  code: z.string(),
  effect: z.enum(['REFUSE', 'MANUAL', 'RELEASE', 'NOTE']).describe('不予准许、转人工核验、暂缓放款、仅提示'),
  article: z.string(),
  text: z.string(),
  figures: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  override: z.enum(['SPECIAL_APPROVAL', 'NEVER']),
  standing: z.enum(['PUBLISHED', 'ASSUMED']),
})
const ceilingView = z.strictObject({
  code: z.string(),
  label: z.string(),
  limitFen: z.string(),
  binding: z.boolean(),
  article: z.string(),
  standing: z.enum(['PUBLISHED', 'ASSUMED']),
})

/** A verdict of the rules as every screen and paper prints it. */
export const verdictView = z
  .strictObject({
    kind: z.string(),
    outcome: z.enum(['approved', 'refused', 'manual']),
    amountFen: z.string(),
    months: z.number().int(),
    ratePercent: z.string().nullable(),
    homeOrder: z.string().nullable(),
    ceilings: z.array(ceilingView),
    reasons: z.array(reasonView),
    notes: z.array(reasonView),
    snapshotId: z.string(),
    ruleVersion: z.string(),
    hash: z.string(),
    madeAt: z.string(),
  })
  .meta({ id: 'VerdictView' })
export type VerdictView = z.output<typeof verdictView>

/** 缴存情况: what our own books said of a person's contributions when the rules looked; facts, not fields of a form. */
const contributionView = z.strictObject({
  role: z.enum(['BORROWER', 'SPOUSE', 'CO_BORROWER']),
  name: z.string().describe('姓名（脱敏）'),
  unitName: z.string().nullable(),
  source: z.string(),
  account: z
    .strictObject({
      status: z.enum(['NORMAL', 'SEALED', 'DEFERRED', 'NONE']),
      place: z.enum(['LOCAL', 'ELSEWHERE']),
      membership: z.enum(['EMPLOYEE', 'FLEXIBLE']),
      monthsContinuous: z.number().int(),
      baseFen: z.string(),
      monthlyFen: z.string(),
      balanceFen: z.string(),
    })
    .nullable()
    .describe('未能取得时为 null'),
  unavailable: z.string().nullable().describe('未能取得的原因'),
  restricted: z.boolean().describe('账户是否受限，不区分原因'),
})

/** Whether somebody may do something, and if not, every reason. */
const permission = z.strictObject({
  allowed: z.boolean(),
  obstacles: z.array(z.strictObject({ code: z.string(), text: z.string() })).describe('不能办理的全部原因'),
})

const actionView = permission.extend({
  action: z.string(),
  label: z.string(),
  tone: z.enum(['forward', 'back', 'end', 'side']),
  to: z.array(z.strictObject({ stage: z.string(), label: z.string() })),
  needs: z.array(z.string()),
})

const timelineEntry = z.strictObject({
  seq: z.number().int(),
  kind: z.enum(['DECISION', 'MACHINE', 'NOTE', 'URGE', 'RISK', 'DEADLINE', 'CLAIM', 'COPY']),
  at: z.string(),
  stage: z.string().nullable(),
  stageLabel: z.string().nullable(),
  actionLabel: z.string().nullable(),
  toStageLabel: z.string().nullable(),
  tone: z.enum(['forward', 'back', 'end', 'side']).nullable(),
  person: z.string().nullable(),
  onBehalfOf: z.string().nullable(),
  post: postCode.nullable(),
  opinion: z.string(),
  reasons: z.array(z.strictObject({ code: z.string(), label: z.string() })).describe('所依据的全部理由，主要的在先'),
  secondNoticeReason: z.string().nullable().describe('再次告知的理由；不是再次告知的为 null'),
  terms: z.strictObject({ amountFen: z.string(), months: z.number().int() }).nullable(),
  arrivedAt: z.string().nullable().describe('到达本环节的时刻'),
  daysUsed: z.number().int().nullable().describe('至办理之日审批期限已用的天数；未起算、已停止计时或者工作日历未载入的为 null'),
  recalled: z.boolean(),
  takesBack: z.string().nullable().describe('撤回的是哪一项办理；不是撤回时为 null'),
})

/** Everything one page says about a case: where, who, since when, due when, what is missing, what I may do and why not. */
export const caseView = z
  .strictObject({
    case: caseRow,
    org: z.strictObject({ orgId: z.string(), name: z.string() }),
    createdAt: z.string(),
    createdBy: z.string().nullable(),
    acceptedOn: plainDateText.nullable(),
    clock: z.strictObject({
      state: z.enum(['NOT_STARTED', 'RUNNING', 'PAUSED', 'STOPPED']),
      daysAllowed: z.number().int().nullable(),
      daysUsed: z.number().int().nullable(),
      unit: z.enum(['CALENDAR', 'WORKING']).nullable(),
      rule: z.string().nullable(),
      dueOn: plainDateText.nullable(),
      spans: z.array(
        z.strictObject({ state: z.enum(['RUNNING', 'PAUSED']), fromOn: plainDateText, toOn: plainDateText.nullable(), reason: z.string() }),
      ),
    }),
    stages: z
      .array(
        z.strictObject({
          stage: z.string(),
          label: z.string(),
          order: z.number().int(),
          posts: z.array(postCode),
          state: z.enum(['DONE', 'CURRENT', 'NEXT', 'AHEAD', 'SKIPPED']),
          visits: z.number().int(),
          terminal: z.boolean(),
        }),
      )
      .describe('环节图'),
    actions: z.array(actionView),
    canRecall: permission,
    canAmend: permission.nullable().describe('本人现在可否更正申请内容；本环节不更正申请的为 null'),
    canUpload: permission.describe('本人现在可否上传材料'),
    canNote: permission.describe('本人可否在案卷中留言、催办'),
    canCopy: permission.describe('本人可否将案件抄送同事'),
    canClaim: permission.describe('本人可否认领或接手本环节的待办；是否本岗位的待办、已由何人认领，见待办'),
    questions: z
      .array(
        z.strictObject({
          question: handQuestion,
          person: handPerson.nullable(),
          what: z.string(),
          source: z.string(),
          cause: z.string(),
          answeredBy: z.string().nullable().describe('已人工核验的，所凭材料；未核验的为 null'),
        }),
      )
      .describe('本环节须人工核验的数据'),
    tasks: z.array(
      z.strictObject({
        post: postCode,
        orgName: z.string(),
        arrivedAt: z.string(),
        dueOn: plainDateText.nullable(),
        claimedBy: z.string().nullable(),
        claimedAt: z.string().nullable(),
        claimedByMe: z.boolean(),
        candidates: z.array(z.string()).describe('可办理人员'),
      }),
    ),
    timeline: z.array(timelineEntry),
    wants: z.array(
      z.strictObject({
        item: z.string(),
        reason: z.string(),
        askedStage: z.string(),
        noticeNo: z.number().int().nullable(),
        satisfied: z.boolean(),
      }),
    ),
    parties: z.array(
      z.strictObject({
        partyNo: z.number().int(),
        role: z.enum(['BORROWER', 'SPOUSE', 'CHILD', 'CO_BORROWER', 'SELLER']),
        name: z.string(),
        idNumber: z.string().nullable(),
        phone: z.string().nullable(),
        bornOn: plainDateText.nullable(),
        unitName: z.string().nullable(),
      }),
    ),
    verdicts: z.array(verdictView),
    contributions: z
      .strictObject({ takenAt: z.string(), verdictKind: z.string(), people: z.array(contributionView) })
      .nullable()
      .describe('最近一次规则审核所依据的缴存情况；尚未审核时为 null'),
    sources: z.array(
      z.strictObject({
        source: z.string(),
        label: z.string(),
        outcome: z.enum(['MATCHED', 'MISMATCHED', 'UNAVAILABLE']),
        summary: z.string(),
        fetchedAt: z.string(),
        authorisation: z.string(),
      }),
    ),
    documents: z.array(
      z.strictObject({
        documentId: z.uuid(),
        material: z.string(),
        name: z.string(),
        mediaType: z.string(),
        sizeBytes: z.number().int(),
        sha256: z.string(),
        uploadedBy: z.string(),
        uploadedAt: z.string(),
        checkState: z.enum(['UNCHECKED', 'VERIFIED', 'MISSING', 'MISMATCH']),
        checkRemark: z.string().nullable(),
        canCheck: permission.describe('本人现在可否核对这份材料'),
      }),
    ),
    papers: z.array(
      z.strictObject({
        paperId: z.uuid(),
        kind: z.string(),
        label: z.string(),
        paperNumber: z.string(),
        issuedOn: plainDateText,
        deliveredOn: plainDateText.nullable(),
        sha256: z.string().nullable(),
      }),
    ),
    payments: z.array(
      z.strictObject({
        paymentId: z.uuid(),
        paymentNo: z.number().int(),
        ...paymentFields,
        events: z.array(z.strictObject({ state: z.string(), source: z.string(), detail: z.string(), at: z.string() })),
        findings: z.array(findingView).describe('对银行与记录矛盾的说法所作的认定'),
      }),
    ),
    paymentsElsewhere: z.boolean().describe('已有划款，但本人所在机构不掌握，故 payments 为空'),
    vouchers: z.array(
      z.strictObject({
        voucherNumber: z.string(),
        bookedOn: plainDateText,
        summary: z.string(),
        postings: z.array(
          z.strictObject({
            ledgerCode: z.string(),
            ledgerName: z.string(),
            subName: z.string(),
            debitFen: z.string(),
            creditFen: z.string(),
          }),
        ),
      }),
    ),
    copyUnread: z.boolean().describe('抄送给本人，尚未阅知'),
  })
  .meta({ id: 'CaseView' })
export type CaseView = z.output<typeof caseView>

export const caseApi = {
  listTasks: endpoint({
    method: 'GET',
    path: '/tasks/:list',
    summary: '待办、已办、我发起、抄送',
    access: 'SIGNED_IN',
    params: taskListParams,
    query: taskListQuery,
    response: casePage,
  }),
  searchTasks: endpoint({
    method: 'POST',
    path: '/tasks/:list/search',
    summary: '在待办、已办、我发起、抄送中查找',
    access: 'SIGNED_IN',
    params: taskListParams,
    query: taskListQuery,
    body: searchText,
    response: casePage,
  }),
  countTasks: endpoint({
    method: 'GET',
    path: '/task-counts',
    summary: '各列表的件数，与列表合计同一口径，至多计到一万',
    access: 'SIGNED_IN',
    response: z.strictObject({
      todo: z.number().int(),
      overdue: z.number().int(),
      dueToday: z.number().int(),
      returned: z.number().int(),
      started: z.number().int(),
      copied: z.number().int(),
      unread: z.number().int().describe('抄送中尚未阅知的'),
      byStage: z.array(z.strictObject({ kind: caseKind, stage: z.string(), stageLabel: z.string(), count: z.number().int() })),
    }),
  }),
  listCases: endpoint({
    method: 'GET',
    path: '/cases',
    summary: '本人可见的全部案件',
    access: 'SIGNED_IN',
    query: caseListQuery,
    response: casePage,
  }),
  searchCases: endpoint({
    method: 'POST',
    path: '/cases/search',
    summary: '在本人可见的全部案件中查找',
    access: 'SIGNED_IN',
    query: caseListQuery,
    body: searchText,
    response: casePage,
  }),
  readCase: endpoint({
    method: 'GET',
    path: '/cases/:caseId',
    summary: '案件页',
    access: 'SIGNED_IN',
    params: caseParams,
    response: caseView,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/cases/:caseId/decisions',
    summary: '办理：作出决定',
    access: 'SIGNED_IN',
    params: caseParams,
    body: decisionInput,
    response: commandResult,
    command: 'CASE',
    ifMatch: true,
  }),
  readCommand: endpoint({
    method: 'GET',
    path: '/commands/:commandId',
    summary: '查询一次办理的结果',
    access: 'SIGNED_IN',
    params: z.strictObject({ commandId: z.uuid() }),
    response: commandResult,
  }),
  claim: endpoint({
    method: 'POST',
    path: '/cases/:caseId/claim',
    summary: '认领；他人已认领时须说明理由接手',
    access: 'SIGNED_IN',
    params: caseParams,
    body: z.strictObject({ takeOverReason: z.string().trim().min(2).max(200).optional() }),
    response: z.strictObject({ claimedAt: z.string() }),
    command: 'DESK',
  }),
  release: endpoint({
    method: 'POST',
    path: '/cases/:caseId/release',
    summary: '退回公共待办',
    access: 'SIGNED_IN',
    params: caseParams,
    body: z.strictObject({}),
    response: z.strictObject({}),
    command: 'DESK',
  }),
  addNote: endpoint({
    method: 'POST',
    path: '/cases/:caseId/notes',
    summary: '备注或催办',
    access: 'SIGNED_IN',
    params: caseParams,
    body: z.strictObject({ kind: z.enum(['NOTE', 'URGE']), text: z.string().trim().min(1).max(1000) }),
    response: z.strictObject({ noteId: z.uuid() }),
    status: 201,
    command: 'DESK',
  }),
  copyTo: endpoint({
    method: 'POST',
    path: '/cases/:caseId/copies',
    summary: '抄送',
    access: 'SIGNED_IN',
    params: caseParams,
    body: z.strictObject({ staffIds: z.array(z.uuid()).min(1).max(20), remark: z.string().trim().max(200).default('') }),
    response: z.strictObject({ copied: z.number().int() }),
    status: 201,
    command: 'DESK',
  }),
  readCopy: endpoint({
    method: 'POST',
    path: '/cases/:caseId/copies/read',
    summary: '阅知抄送给本人的案件',
    access: 'SIGNED_IN',
    params: caseParams,
    body: z.strictObject({}),
    response: z.strictObject({}),
    command: 'DESK',
  }),
  reveal: endpoint({
    method: 'POST',
    path: '/cases/:caseId/reveal',
    summary: '查看一项未脱敏的个人信息（留痕）',
    access: 'SIGNED_IN',
    params: caseParams,
    body: z.strictObject({
      partyNo: z.number().int().min(1),
      field: z.enum(['name', 'idNumber', 'phone']),
      reason: z.string().trim().min(2).max(200),
    }),
    response: z.strictObject({ value: z.string(), secondsVisible: z.number().int() }),
    command: 'DESK',
    sealedReceipt: true,
  }),
  readAudit: endpoint({
    method: 'GET',
    path: '/cases/:caseId/audit',
    summary: '留痕与链校验',
    access: 'SIGNED_IN',
    params: caseParams,
    response: z.strictObject({
      intact: z.boolean(),
      firstBadSeq: z.string().nullable(),
      what: z.string().nullable().describe('链不完整时，第一处不符的说明'),
      head: z.string(),
      rows: z.array(
        z.strictObject({
          seq: z.string(),
          at: z.string(),
          actor: z.string(),
          act: z.string(),
          body: z.string(),
          hash: z.string(),
          sealed: z.boolean(),
        }),
      ),
    }),
  }),
  search: endpoint({
    method: 'POST',
    path: '/search',
    summary: '按案号、姓名、证件号后四位查找',
    access: 'SIGNED_IN',
    body: z.strictObject({ q: z.string().trim().min(2).max(60) }),
    response: z.strictObject({ rows: z.array(caseRow) }),
  }),
}
