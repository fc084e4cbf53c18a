import { z } from 'zod'
import { idNumberText } from './identity.ts'

/** What may be changed of a person's rights, always under two people (人员权限变更). */
export const STAFF_CHANGES = {
  JOIN: '入职',
  GRANT_POST: '授予岗位',
  REVOKE_POST: '撤销岗位',
  LOCK: '锁定账号',
  UNLOCK: '解除锁定',
  LEAVE: '离岗',
  SET_PARTICULARS: '变更回避信息',
  ADD_RELATIVE: '登记近亲属',
  END_RELATIVE: '注销近亲属登记',
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
    idNumber: idNumberText.describe('身份证号码；据以判断回避'),
    employerUnitId: z.uuid().optional().describe('其他工作单位：本中心以外的，如派出单位；没有则不填'),
  })
  .meta({ id: 'Newcomer' })
export type Newcomer = z.output<typeof newcomer>

/** What recusal goes by (回避信息), for somebody who is here already: what is left out stays as it is. */
export const recusalParticulars = z
  .strictObject({
    idNumber: idNumberText.optional().describe('身份证号码'),
    employerUnitId: z.uuid().nullable().optional().describe('其他工作单位；空值表示没有'),
  })
  .refine(({ idNumber, employerUnitId }) => idNumber !== undefined || employerUnitId !== undefined, {
    error: '请填写身份证号码，或指明工作单位',
  })
  .meta({ id: 'RecusalParticulars' })

/** Who of a family bars a member of staff from a case (近亲属). */
export const RELATIONS = { SPOUSE: '配偶', PARENT: '父母', CHILD: '子女', SIBLING: '兄弟姐妹' } as const
export type Relation = keyof typeof RELATIONS
export const relationWord = z.enum(Object.keys(RELATIONS) as [Relation, ...Relation[]])

/** A relative, by number alone: recusal needs no name. */
export const relative = z
  .strictObject({
    relation: relationWord.optional().describe('亲属关系；登记时必填，注销时不填'),
    idNumber: idNumberText.describe('近亲属的身份证号码'),
  })
  .meta({ id: 'Relative' })
