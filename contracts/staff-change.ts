import { z } from 'zod'

/** What may be changed of a person's rights, always under two people (人员权限变更). */
export const STAFF_CHANGES = {
  JOIN: '入职',
  GRANT_POST: '授予岗位',
  REVOKE_POST: '撤销岗位',
  LOCK: '锁定账号',
  UNLOCK: '解除锁定',
  LEAVE: '离岗',
  RESET_CODE: '重置动态口令',
  RESET_PASSWORD: '重置密码',
  BIND_IDENTITY: '绑定统一身份账号',
  UNBIND_IDENTITY: '解除统一身份绑定',
} as const

export type StaffChangeWord = keyof typeof STAFF_CHANGES
export const staffChangeWord = z.enum(Object.keys(STAFF_CHANGES) as [StaffChangeWord, ...StaffChangeWord[]])

/** Somebody who is not here yet (新入职人员), as their row will say. */
export const newcomer = z
  .strictObject({
    staffNumber: z
      .string()
      .trim()
      .regex(/^[A-Z]\d{4}$/, { error: '工号为一个大写字母和4位数字' })
      .describe('工号'),
    name: z
      .string()
      .trim()
      .max(40)
      .regex(/^[\p{Script=Han}A-Za-z][\p{Script=Han}A-Za-z· ]+$/u, { error: '姓名不少于2个字，由汉字或字母组成' })
      .describe('姓名'),
    orgId: z.string().max(40).describe('所在机构'),
  })
  .meta({ id: 'Newcomer' })
export type Newcomer = z.output<typeof newcomer>
