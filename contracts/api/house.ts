import { z } from 'zod'
import { caseId, commandResult } from '../cases.ts'
import { plainDateText } from '../dates.ts'
import { endpoint } from '../endpoint.ts'
import { ORG_KINDS, postCode, type OrgKind } from '../posts.ts'
import { newcomer, recusalParticulars, relationWord, relative, staffChangeWord } from '../staff-change.ts'
import { paymentFields } from './cases.ts'
import { pageInfo, pageQuery } from './page.ts'

/** A house has hardly more people than this: whoever picks a colleague from a list has them all before them. */
const STAFF_MAX = 500
/** As many payments as fill a page of the console. */
const PAYMENTS_MAX = 200

const orgKind = z.enum(Object.keys(ORG_KINDS) as [OrgKind, ...OrgKind[]])

const staffRow = z
  .strictObject({
    id: z.uuid(),
    staffNumber: z.string(),
    name: z.string(),
    orgId: z.string(),
    orgName: z.string(),
    orgKind,
    state: z.enum(['ACTIVE', 'LOCKED', 'LEFT']),
    posts: z.array(z.strictObject({ post: postCode, orgId: z.string(), orgName: z.string() })),
  })
  .meta({ id: 'StaffRow' })

/** 回避信息 as the second person reads it. */
const particularsShown = z
  .strictObject({
    idNumber: z.string().nullable().describe('身份证号码，已脱敏；未登记或不变更的为空'),
    employer: z
      .strictObject({ unitName: z.string().nullable().describe('没有的为空') })
      .nullable()
      .describe('其他工作单位；不变更的为空'),
  })
  .meta({ id: 'ParticularsShown' })

const paymentRow = z
  .strictObject({
    id: z.uuid(),
    caseId,
    caseNumber: z.string(),
    ...paymentFields,
  })
  .meta({ id: 'PaymentRow' })

const MONEY_POSTS = [
  'DISBURSEMENT',
  'CASHIER',
  'TREASURY',
  'ACCOUNTANT',
  'ACCOUNTING_REVIEWER',
  'DIRECTOR',
  'DEPUTY_DIRECTOR',
  'INTERNAL_AUDIT',
] as const

export const houseApi = {
  listStaff: endpoint({
    method: 'GET',
    path: '/staff',
    summary: '人员与岗位',
    access: 'SIGNED_IN',
    query: z.strictObject({
      q: z.string().trim().max(40).optional(),
      orgId: z.string().max(40).optional(),
      post: postCode.optional(),
      ...pageQuery(STAFF_MAX),
    }),
    response: z.strictObject({
      rows: z.array(staffRow),
      pageInfo,
      total: z.number().int().describe('符合查询条件的全部人员，不限于本页'),
    }),
  }),
  listOrgs: endpoint({
    method: 'GET',
    path: '/orgs',
    summary: '机构',
    access: 'SIGNED_IN',
    response: z.strictObject({
      rows: z.array(
        z.strictObject({
          orgId: z.string(),
          kind: orgKind,
          name: z.string(),
          parentOrgId: z.string().nullable(),
          reportingEntity: z.string(),
        }),
      ),
    }),
  }),
  findUnits: endpoint({
    method: 'GET',
    path: '/units',
    summary: '按名称、单位登记号或统一社会信用代码查缴存单位，至多二十个',
    access: ['SYS_ADMIN'],
    query: z.strictObject({ q: z.string().trim().min(2).max(60) }),
    response: z.strictObject({ rows: z.array(z.strictObject({ unitId: z.uuid(), unitNumber: z.string(), name: z.string() })) }),
  }),
  proposeStaffChange: endpoint({
    method: 'POST',
    path: '/staff-changes',
    summary: '提出人员权限变更（须安全管理员确认后生效）',
    access: ['SYS_ADMIN'],
    body: z.strictObject({
      staffId: z.uuid().optional().describe('变更何人；入职以外必填'),
      change: staffChangeWord,
      newcomer: newcomer.optional().describe('入职人员；入职时必填'),
      particulars: recusalParticulars.optional().describe('变更回避信息时必填'),
      relative: relative.optional().describe('近亲属；登记或注销时必填'),
      post: postCode.optional(),
      postOrgId: z.string().max(40).optional(),
      subject: z.string().trim().min(1).max(255).optional().describe('统一身份账号在认证平台的唯一标识（sub）；绑定时必填'),
      reason: z.string().trim().min(4).max(300),
    }),
    response: commandResult,
    status: 201,
    command: 'DESK',
  }),
  readStaffChange: endpoint({
    method: 'GET',
    path: '/staff-changes/:caseId',
    summary: '人员权限变更的内容：变更何人的何种权限，以及理由',
    access: 'SIGNED_IN',
    params: z.strictObject({ caseId }),
    response: z.strictObject({
      change: staffChangeWord,
      staff: staffRow.nullable().describe('涉及人员现状；入职确认前为空'),
      newcomer: newcomer
        .pick({ staffNumber: true, name: true, orgId: true })
        .extend({ orgName: z.string() })
        .nullable()
        .describe('入职人员'),
      particulars: particularsShown.nullable().describe('入职或变更所登记的回避信息'),
      relative: z
        .strictObject({ relation: relationWord.nullable().describe('注销时为空'), idNumber: z.string().describe('身份证号码，已脱敏') })
        .nullable()
        .describe('所登记或注销的近亲属'),
      standing: particularsShown
        .extend({ relatives: z.array(relationWord).describe('已登记的近亲属') })
        .nullable()
        .describe('涉及人员现登记的回避信息；变更回避信息或近亲属时提供'),
      post: postCode.nullable(),
      postOrgName: z.string().nullable(),
      subject: z.string().nullable().describe('统一身份账号'),
      reason: z.string(),
      passwordWaits: z.boolean().describe('初始密码待您（确认人）领取'),
    }),
  }),
  takeInitialPassword: endpoint({
    method: 'POST',
    path: '/staff-changes/:caseId/initial-password',
    summary: '领取初始密码：只向确认人显示一次，由其当面交给本人',
    access: ['SEC_ADMIN'],
    params: z.strictObject({ caseId }),
    body: z.strictObject({}),
    response: z.strictObject({ staffNumber: z.string(), password: z.string().describe('初始密码；首次登录后即须更换') }),
  }),
  delegate: endpoint({
    method: 'POST',
    path: '/delegations',
    summary: '在一段时间内将本人岗位委托他人代理',
    access: 'SIGNED_IN',
    body: z.strictObject({ toStaffId: z.uuid(), post: postCode, fromOn: plainDateText, toOn: plainDateText }),
    response: z.strictObject({ delegationId: z.uuid() }),
    status: 201,
    command: 'DESK',
  }),
  listDelegations: endpoint({
    method: 'GET',
    path: '/delegations',
    summary: '本人委托他人及受托代理的岗位：现行的和尚未开始的',
    access: 'SIGNED_IN',
    response: z.strictObject({
      rows: z.array(
        z.strictObject({
          id: z.uuid(),
          direction: z.enum(['GIVEN', 'RECEIVED']).describe('本人委托他人，或他人委托本人'),
          person: z.string().describe('对方姓名'),
          post: postCode,
          fromOn: plainDateText,
          toOn: plainDateText,
          current: z.boolean().describe('现已生效'),
        }),
      ),
    }),
  }),
  revokeDelegation: endpoint({
    method: 'POST',
    path: '/delegations/:delegationId/revoke',
    summary: '撤销本人的委托，随即失效',
    access: 'SIGNED_IN',
    params: z.strictObject({ delegationId: z.uuid() }),
    body: z.strictObject({}),
    response: z.strictObject({}),
    command: 'DESK',
  }),
  handOver: endpoint({
    method: 'POST',
    path: '/hand-overs',
    summary: '将本人已认领的待办移交同岗人员；对方已参与的案件除外',
    access: 'SIGNED_IN',
    body: z.strictObject({ toStaffId: z.uuid(), reason: z.string().trim().min(2).max(200) }),
    response: z.strictObject({ moved: z.number().int(), kept: z.array(z.strictObject({ caseNumber: z.string(), reason: z.string() })) }),
    command: 'DESK',
  }),
  listPayments: endpoint({
    method: 'GET',
    path: '/payments',
    summary: '划款，按状态，自最近的起',
    access: MONEY_POSTS,
    query: z.strictObject({
      state: z.enum(['CREATED', 'SENT', 'ACCEPTED', 'SUCCEEDED', 'FAILED', 'UNKNOWN']).optional(),
      ...pageQuery(PAYMENTS_MAX),
    }),
    response: z.strictObject({
      rows: z.array(paymentRow),
      pageInfo,
      total: z.number().int().describe('符合查询条件的全部划款，不限于本页'),
      sums: z.array(z.strictObject({ state: z.string(), count: z.number().int(), amountFen: z.string() })),
    }),
  }),
  listBalances: endpoint({
    method: 'GET',
    path: '/ledger/balances',
    summary: '总账余额与专户余额',
    access: MONEY_POSTS,
    response: z.strictObject({
      rows: z.array(
        z.strictObject({
          ledgerCode: z.string(),
          ledgerName: z.string(),
          subAccount: z.string(),
          subName: z.string(),
          debitFen: z.string(),
          creditFen: z.string(),
          reservedFen: z.string(),
        }),
      ),
      balanced: z.boolean(),
    }),
  }),
  readCalendar: endpoint({
    method: 'GET',
    path: '/calendar/:year',
    summary: '工作日历；未载入的年份如实说明',
    access: 'SIGNED_IN',
    params: z.strictObject({ year: z.coerce.number().int().min(2000).max(2100) }),
    response: z.strictObject({
      known: z.boolean(),
      source: z.string().nullable(),
      days: z.array(z.strictObject({ day: plainDateText, working: z.boolean(), name: z.string().nullable() })),
    }),
  }),
  readClock: endpoint({
    method: 'GET',
    path: '/clock',
    summary: '业务时钟',
    access: 'SIGNED_IN',
    response: z.strictObject({
      mode: z.enum(['WALL', 'DEMO']),
      businessDate: plainDateText,
      nextDue: plainDateText.nullable().describe('明日起最近一个有期限届满的日期；没有的为空'),
      dueCases: z.number().int().describe('当日有期限届满的在办案件数'),
    }),
  }),
  advanceClock: endpoint({
    method: 'POST',
    path: '/clock/advance',
    summary: '将演示日期向前推进（不可后退）',
    access: 'SIGNED_IN',
    body: z.strictObject({ to: plainDateText }),
    response: z.strictObject({ from: plainDateText, to: plainDateText, dueCases: z.number().int() }),
    command: 'DESK',
  }),
}
