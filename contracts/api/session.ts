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
    posts: z.array(
      z.strictObject({
        post: postCode,
        orgId: z.string(),
        orgName: z.string(),
        delegatedBy: z.string().nullable().describe('委托人姓名'),
        onBehalfOf: z.uuid().nullable().describe('委托人；本人任职的岗位为空'),
      }),
    ),
    businessDate: plainDateText,
    demo: z.boolean(),
  })
  .meta({ id: 'Me' })
export type Me = z.output<typeof me>

const oneTimeCode = z.string().regex(/^\d{6}$/, { error: '须为6位数字' })

const newPassword = z.string().min(12, { error: '新密码不少于12位' }).max(200).describe('新密码')

/** A page of ours, from its root: no other host, no scheme, nothing a browser would read as either. */
const ownPage = z
  .string()
  .max(300)
  .regex(/^\/(?![/\\])[\w\-./?=&%~+,:@]*$/, { error: '须为本系统内的页面' })

export const sessionApi = {
  signIn: endpoint({
    method: 'POST',
    path: '/session',
    summary: '登录',
    access: 'PUBLIC',
    body: z.strictObject({
      staffNumber: z.string().trim().min(1).max(32).describe('工号'),
      password: z.string().min(1).max(200).describe('密码'),
      oneTimeCode: oneTimeCode.optional().describe('动态口令（资金、权限岗位必填）'),
    }),
    response: z.strictObject({}),
  }),
  signInMeans: endpoint({
    method: 'GET',
    path: '/session/means',
    summary: '可用的登录方式',
    access: 'PUBLIC',
    response: z.strictObject({ oidc: z.boolean().describe('是否已配置统一身份认证') }),
  }),
  replaceInitialPassword: endpoint({
    method: 'POST',
    path: '/session/new-password',
    summary: '以初始密码登录后设置新密码；岗位须用动态口令的，其后另行输入或启用',
    access: 'PUBLIC',
    body: z.strictObject({ newPassword }),
    response: z.strictObject({}),
  }),
  beginEnrolment: endpoint({
    method: 'POST',
    path: '/session/enrolment',
    summary: '启用动态口令：取密钥（须先通过密码或统一身份认证；只显示一次）',
    access: 'PUBLIC',
    body: z.strictObject({}),
    response: z.strictObject({
      secret: z.string().describe('密钥，base32'),
      address: z.string().describe('otpauth 地址'),
      image: z.string().describe('二维码，SVG 的 data 地址'),
    }),
  }),
  giveSecondFactor: endpoint({
    method: 'POST',
    path: '/session/second-factor',
    summary: '登录的第二步：动态口令；启用时以首个口令确认',
    access: 'PUBLIC',
    body: z.strictObject({ oneTimeCode: oneTimeCode.describe('动态口令') }),
    response: z.strictObject({ returnTo: z.string().nullable().describe('登录前离开的页面') }),
  }),
  departToProvider: endpoint({
    method: 'POST',
    path: '/session/oidc',
    summary: '以统一身份认证登录：取跳转地址',
    access: 'PUBLIC',
    body: z.strictObject({ returnTo: ownPage.default('/').describe('登录后打开的页面') }),
    response: z.strictObject({ address: z.url().describe('统一身份认证平台的地址') }),
  }),
  returnFromProvider: endpoint({
    method: 'POST',
    path: '/session/oidc/return',
    summary: '以统一身份认证登录：自平台返回',
    access: 'PUBLIC',
    body: z.strictObject({ query: z.string().min(1).max(4000).describe('返回地址中问号之后的部分') }),
    response: z.strictObject({ returnTo: z.string() }),
  }),
  changePassword: endpoint({
    method: 'PUT',
    path: '/session/password',
    summary: '修改本人密码；本人的其他登录随即失效',
    access: 'SIGNED_IN',
    body: z.strictObject({
      oldPassword: z.string().min(1).max(200).describe('原密码'),
      newPassword,
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
        z.strictObject({
          staffNumber: z.string(),
          name: z.string(),
          orgName: z.string(),
          posts: z.array(postCode),
          needsCode: z.boolean(),
        }),
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
