import { z } from 'zod'
import { endpoint } from '../endpoint.ts'
import { plainDateText } from '../dates.ts'
import { postCode } from '../posts.ts'

/** Who is signed in, and what the console needs to know of the house. */
export const me = z
  .strictObject({
    staffId: z.uuid(),
    staffNumber: z.string(),
    name: z.string(),
    orgId: z.string(),
    orgName: z.string(),
    reportingEntity: z.string(),
    posts: z.array(z.strictObject({ post: postCode, orgId: z.string(), orgName: z.string(), delegatedBy: z.string().nullable() })),
    businessDate: plainDateText,
    demo: z.boolean(),
  })
  .meta({ id: 'Me' })
export type Me = z.output<typeof me>

export const sessionApi = {
  signIn: endpoint({
    method: 'POST',
    path: '/session',
    summary: '登录',
    access: 'PUBLIC',
    body: z.strictObject({
      staffNumber: z.string().trim().min(1).max(32).describe('工号'),
      password: z.string().min(1).max(200).describe('密码'),
      oneTimeCode: z.string().regex(/^\d{6}$/).optional().describe('动态口令（资金、权限岗位必填）'),
    }),
    response: z.strictObject({}),
  }),
  readSession: endpoint({ method: 'GET', path: '/session', summary: '当前登录人', access: 'SIGNED_IN', response: me }),
  signOut: endpoint({ method: 'DELETE', path: '/session', summary: '退出', access: 'SIGNED_IN', response: z.strictObject({}) }),
  demoPeople: endpoint({
    method: 'GET',
    path: '/demo/people',
    summary: '演示城市的人员（仅演示环境）',
    access: 'PUBLIC',
    response: z.strictObject({
      demo: z.boolean(),
      people: z.array(
        z.strictObject({ staffNumber: z.string(), name: z.string(), orgName: z.string(), posts: z.array(postCode), needsCode: z.boolean() }),
      ),
    }),
  }),
  demoCode: endpoint({
    method: 'POST',
    path: '/demo/one-time-code',
    summary: '取一名演示人员当前的动态口令与密码（仅演示环境）',
    access: 'PUBLIC',
    body: z.strictObject({ staffNumber: z.string().trim().min(1).max(32) }),
    response: z.strictObject({ password: z.string(), oneTimeCode: z.string().nullable() }),
  }),
  readSetting: endpoint({
    method: 'GET',
    path: '/settings/:key',
    summary: '读取个人设置（筛选、列、常用意见）',
    access: 'SIGNED_IN',
    params: z.strictObject({ key: z.string().regex(/^[a-zA-Z0-9._-]{1,80}$/) }),
    response: z.strictObject({ value: z.unknown() }),
  }),
  writeSetting: endpoint({
    method: 'PUT',
    path: '/settings/:key',
    summary: '保存个人设置',
    access: 'SIGNED_IN',
    params: z.strictObject({ key: z.string().regex(/^[a-zA-Z0-9._-]{1,80}$/) }),
    body: z.strictObject({ value: z.unknown() }),
    response: z.strictObject({}),
  }),
}
