import type { Insertable } from 'kysely'
import type { PlainDate } from '#contracts/dates.ts'
import type { IncidentTable, MachineMessageTable } from '../tables.ts'
import { CENTRES } from './orgs.ts'
import type { Random } from './random.ts'
import type { SeededCase } from './seeded-case.ts'
import type { Officer } from './staff.ts'

export interface Incidents {
  readonly machine_message: Insertable<MachineMessageTable>[]
  readonly incident: Insertable<IncidentTable>[]
}

/**
 * The incidents page (异常) of the last working day: the bank has told of a payment that nobody here ordered, and a case that had stopped
 * has been looked at and goes on.
 */
export function incidentsOf(cases: readonly SeededCase[], officers: readonly Officer[], on: PlainDate, random: Random): Incidents {
  const serial = random.uuid()
  const noticeId = `N${on.replaceAll('-', '')}${String(random.int(1, 999_999)).padStart(6, '0')}`
  const stopped = cases.find(({ family, walked }) => family.branch.entity === 'xinxiang' && walked.stage === 'SECURED')
  const operator = officers.find(({ posts, orgId }) => orgId === CENTRES.xinxiang && posts.includes('SYS_ADMIN'))
  const unmatched = {
    incident_id: random.uuid(),
    kind: 'NOTICE_UNMATCHED',
    case_id: null,
    org_id: CENTRES.xinxiang,
    access_group_id: 'OPEN',
    reference: noticeId,
    detail: `银行通知的流水 ${serial.toUpperCase()} 不是本中心发出的`,
    state: 'OPEN' as const,
    retry_reason: null,
    handled_by: null,
    created_at: `${on}T08:05:12Z`,
    handled_at: null,
  }
  const mended = stopped &&
    operator && {
      ...unmatched,
      incident_id: random.uuid(),
      kind: 'CASE_STUCK',
      case_id: stopped.caseId,
      org_id: stopped.family.branch.orgId,
      reference: stopped.caseId,
      detail: '抵押登记回执多次未能取得，流程停在担保落实',
      state: 'CLOSED' as const,
      retry_reason: '登记机构接口已恢复，重新执行',
      handled_by: operator.staffId,
      created_at: `${on}T01:20:40Z`,
      handled_at: `${on}T02:02:05Z`,
    }
  return {
    machine_message: [
      {
        message_id: random.uuid(),
        client: 'bank',
        key_id: 'bank',
        nonce: random.uuid(),
        kind: 'ACCOUNT_NOTICE',
        reference: serial,
        body: JSON.stringify({ noticeId, state: 'SUCCEEDED', amountFen: '12000000', bankReference: 'B2025103100087' }),
        state: 'UNMATCHED',
      },
    ],
    incident: [unmatched, ...(mended ? [mended] : [])],
  }
}
