import type { PolicySnapshot } from '#policy/policy-at.ts'

/**
 * 救济途径 as a letter names it: who explains the reasons, who reviews them, which court hears the case. Time limits are those of the
 * Administrative Reconsideration Law and the Administrative Procedure Law; the reviewing authority is each centre's own.
 */
export const remedyOf = (office: string, { values }: PolicySnapshot) => ({
  explainedBy: office,
  reviewBody: values.reviewBody?.value ?? '依法有管辖权的行政复议机关',
  reviewDays: 60,
  court: '有管辖权的人民法院',
  courtMonths: 6,
  legalBasis: '《行政复议法》第二十条、《行政诉讼法》第四十六条',
})

/** Where a letter sends its reader. */
export const addressOf = ({ values }: PolicySnapshot): string => values.officeAddress?.value ?? '以本中心公布的办事网点地址为准'
