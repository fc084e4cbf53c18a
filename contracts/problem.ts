import { z } from 'zod'

/** Every non-2xx answer has one of these codes; the code is stable, the title is for people. The first of a status is what the bare status means. */
export const PROBLEMS = {
  BAD_REQUEST: [400, '请求格式不正确'],
  INVALID_INPUT: [422, '填写的内容有误'],
  UNKNOWN_PARAMETER: [400, '查询参数无法识别'],
  NOT_SIGNED_IN: [401, '尚未登录或登录已失效'],
  BAD_CREDENTIALS: [401, '工号、密码或动态口令不正确'],
  LOCKED_OUT: [429, '连续失败次数过多，账号已暂时锁定'],
  ONE_TIME_CODE_NEEDED: [401, '需要动态口令'],
  FORBIDDEN: [403, '您的岗位不能进行此操作'],
  CROSS_ORIGIN: [403, '请求来源不被允许'],
  NOT_FOUND: [404, '没有找到，或您无权查看'],
  METHOD_NOT_ALLOWED: [405, '不支持的请求方法'],
  CONFLICT: [409, '当前状态不允许此操作'],
  STILL_RUNNING: [409, '同一请求正在处理'],
  FOUR_EYES: [409, '四眼原则：您已办理过本案的其他环节'],
  RECUSAL: [409, '回避：您与本案当事人存在利害关系'],
  OVER_LIMIT: [409, '超出您的审批权限'],
  RULES_REFUSE: [409, '业务规则不允许'],
  STALE: [412, '案件已被他人办理，请刷新'],
  TOO_LARGE: [413, '内容过大'],
  UNSUPPORTED_MEDIA: [415, '不支持的内容类型'],
  KEY_REUSED: [422, '同一幂等键对应了不同的内容'],
  KEY_MISSING: [400, '缺少幂等键'],
  VERSION_MISSING: [428, '缺少案件版本'],
  TOO_MANY_REQUESTS: [429, '请求过于频繁'],
  INTERNAL: [500, '系统内部错误，已登记'],
  UNAVAILABLE: [503, '服务暂时不可用，请稍后重试'],
  ENROLMENT_NEEDED: [401, '您的岗位须使用动态口令，请先启用'],
  STEP_OVER: [410, '本次登录步骤已失效，请重新登录'],
  SIGN_IN_REFUSED: [403, '未能以统一身份登录'],
  PROVIDER_DOWN: [503, '统一身份认证平台暂时无法连接'],
  STEP_UP_NEEDED: [403, '此操作需要重新输入动态口令'],
  NEW_PASSWORD_NEEDED: [401, '您使用的是初始密码，请先设置新密码'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof PROBLEMS

/** The page on which the interface is described for people, and every code of a problem under its own id. */
export const DOCS_ADDRESS = '/api/docs'

/** Where a code is explained: the `type` of its problems, relative to our own origin. */
export const problemType = (code: ProblemCode): string => `${DOCS_ADDRESS}#${code}`

export const problem = z
  .strictObject({
    type: z.string().describe('该 code 在接口文档页中的说明，相对地址，如 /api/docs#STALE'),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    detail: z.string().optional(),
    errors: z
      .array(z.strictObject({ pointer: z.string(), code: z.string(), detail: z.string() }))
      .optional()
      .describe('逐项错误，pointer 为 JSON 指针'),
    decided_by: z.string().optional().describe('已办理人'),
    decided_at: z.string().optional(),
    request_id: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.output<typeof problem>

/** A refusal that any layer may raise and one file turns into problem+json. Plain data plus a name, so that it survives Temporal. */
export interface Refusal {
  readonly code: ProblemCode
  readonly detail?: string
  readonly errors?: Problem['errors']
  readonly decidedBy?: string
  readonly decidedAt?: string
  /** Sent as `Retry-After`. */
  readonly retryAfterSeconds?: number
}
