import { z } from 'zod'

/** What may be changed of a person's rights, always under two people (人员权限变更). */
export const STAFF_CHANGES = {
  GRANT_POST: '授予岗位',
  REVOKE_POST: '撤销岗位',
  LOCK: '锁定账号',
  UNLOCK: '解除锁定',
  LEAVE: '离岗',
  RESET_CODE: '重置动态口令',
  BIND_IDENTITY: '绑定统一身份账号',
  UNBIND_IDENTITY: '解除统一身份绑定',
} as const

export type StaffChangeWord = keyof typeof STAFF_CHANGES
export const staffChangeWord = z.enum(Object.keys(STAFF_CHANGES) as [StaffChangeWord, ...StaffChangeWord[]])
