import { z } from 'zod'
import { caseId } from '../cases.ts'
import { plainDateText } from '../dates.ts'
import { endpoint } from '../endpoint.ts'
import { bankClaim, findingView } from '../findings.ts'
import { pageInfo, pageQuery } from './page.ts'

/** What is open at once, on all but the worst of days: the page shows it whole. */
const ROWS_MAX = 200

/** 异常: what stopped, could not be sent or did not match, and what people did about it. */
export const incidentApi = {
  listIncidents: endpoint({
    method: 'GET',
    path: '/incidents',
    summary: '异常：停滞的流程、发不出的消息、对不上的银行通知、未布防的期限；未处理的自最早的起，其余自最近的起',
    access: ['SYS_ADMIN', 'RISK', 'DIRECTOR', 'INTERNAL_AUDIT', 'CASHIER'],
    query: z.strictObject({ state: z.enum(['OPEN', 'RETRIED', 'CLOSED']).optional().describe('不填为未处理'), ...pageQuery(ROWS_MAX) }),
    response: z.strictObject({
      rows: z.array(
        z.strictObject({
          id: z.uuid(),
          kind: z.string(),
          caseId: caseId.nullable(),
          caseNumber: z.string().nullable(),
          reference: z.string(),
          detail: z.string(),
          state: z.enum(['OPEN', 'RETRIED', 'CLOSED']),
          createdAt: z.string(),
          handling: z.enum(['RETRY', 'SETTLE', 'ITSELF']).describe('可重试；须查明处理；原因消除后自动关闭'),
          mayHandle: z.boolean().describe('本人可否处理'),
          handled: z
            .strictObject({ by: z.string(), at: z.string(), reason: z.string() })
            .nullable()
            .describe('处理人、时间与理由；未经人处理的为空'),
          claim: z
            .strictObject({
              claim: bankClaim,
              from: plainDateText.describe('银行最早可能的日期'),
              against: z.array(z.string()).describe('不能据以补记或者冲销的理由；为空的可以认定'),
            })
            .nullable()
            .describe('银行所称与已核定的划款结果矛盾的，所称的是什么'),
          finding: findingView.nullable().describe('最近一次认定'),
        }),
      ),
      pageInfo,
      total: z.number().int().describe('此状态的全部，不限于本页'),
    }),
  }),
  retryIncident: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/retry',
    summary: '重试，须说明理由；无可重试的异常不在此列',
    access: ['SYS_ADMIN', 'RISK'],
    params: z.strictObject({ incidentId: z.uuid() }),
    body: z.strictObject({ reason: z.string().trim().min(2).max(200) }),
    response: z.strictObject({}),
    command: 'DESK',
  }),
  findOnIncident: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/findings',
    summary: '认定银行确已付款（补记放款），或者款项确已退回（红字冲销）；须资金结算岗另一人凭动态口令确认后入账',
    access: ['RISK'],
    params: z.strictObject({ incidentId: z.uuid() }),
    body: z.strictObject({
      claim: bankClaim.describe('须与银行所称一致'),
      bankReference: z.string().trim().min(2).max(64).describe('银行流水号'),
      bankDay: plainDateText.describe('银行入账或者退回的日期'),
      reason: z.string().trim().min(2).max(200).describe('查明经过'),
    }),
    response: z.strictObject({}),
    command: 'DESK',
  }),
  settleIncident: endpoint({
    method: 'POST',
    path: '/incidents/:incidentId/settle',
    summary: '查明处理后关闭，须说明结果；涉及资金或者审计的由风险管理岗办理，且不得为本案办理人员',
    access: ['SYS_ADMIN', 'RISK'],
    params: z.strictObject({ incidentId: z.uuid() }),
    body: z.strictObject({ reason: z.string().trim().min(2).max(200) }),
    response: z.strictObject({}),
    command: 'DESK',
  }),
}
