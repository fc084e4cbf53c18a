/**
 * What stands on the incidents page (异常), and what a person can do about it. `RETRY`: it is tried again. `SETTLE`: nothing could be carried
 * out; somebody looks into it and says what came of it. `ITSELF`: it is over when its cause is.
 */
export const INCIDENTS = {
  OUTBOX_PARKED: { label: '流程未能启动', handling: 'RETRY' },
  MESSAGE_PARKED: { label: '消息发不出', handling: 'RETRY' },
  CASE_STUCK: { label: '流程停滞', handling: 'RETRY' },
  DECISION_BROKEN: { label: '办理出错', handling: 'SETTLE' },
  NOTICE_UNMATCHED: { label: '银行通知对不上', handling: 'SETTLE', apart: true },
  PAYMENT_CONTRADICTED: { label: '划款结果矛盾', handling: 'SETTLE', apart: true },
  DAY_FILE_UNSETTLED: { label: '日终文件未能核定', handling: 'SETTLE', apart: true },
  DAY_FILE_UNMATCHED: { label: '日终文件对不上', handling: 'SETTLE', apart: true },
  NOTICE_UNDELIVERED: { label: '告知书未送达', handling: 'SETTLE' },
  AUDIT_HEADS_DISAGREE: { label: '封签与库外留存不符', handling: 'SETTLE', apart: true },
  CALENDAR_UNKNOWN: { label: '工作日历未载入', handling: 'ITSELF' },
} as const satisfies Record<string, IncidentWord>

interface IncidentWord {
  readonly label: string
  readonly handling: IncidentHandling
  /** Of money, or of the record itself: closed neither by whoever keeps the machines nor by who has had a hand in the case. */
  readonly apart?: true
}

export type IncidentHandling = 'RETRY' | 'SETTLE' | 'ITSELF'
export type IncidentKind = keyof typeof INCIDENTS

const isKind = (kind: string): kind is IncidentKind => kind in INCIDENTS

/** What is to be done about an incident; one whose word is no longer known is somebody's to look into. */
export const incidentWord = (kind: string): IncidentWord => (isKind(kind) ? INCIDENTS[kind] : { label: kind, handling: 'SETTLE' })
