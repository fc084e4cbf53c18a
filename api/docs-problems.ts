import { PROBLEMS, type ProblemCode } from '#contracts/problem.ts'
import { html, type Html } from './docs-html.ts'

/** When a code comes, and what whoever gets it does next. The title says it to the person at the screen, this to whoever writes a client. */
const MEANINGS: Readonly<Record<ProblemCode, string>> = {
  BAD_REQUEST: '请求不能读出：JSON 或压缩内容损坏、上传不完整，或者地址编码有误。改正后重发。',
  INVALID_INPUT: '内容能读出，但某一栏缺少、多余或者不合要求。errors 逐项给出位置（JSON 指针）、代码和原因；改正后换一个幂等键重发。',
  UNKNOWN_PARAMETER: '查询参数没有登记，或者取值不合要求；errors 指明是哪一项。',
  NOT_SIGNED_IN: '没有会话，或者会话已过期、已退出、已收回。请重新登录。',
  BAD_CREDENTIALS: '工号、密码、动态口令之中有不正确的，或者账号不能登录；是哪一项不予说明。',
  LOCKED_OUT: '该账号连续失败次数过多。Retry-After 给出多少秒后可以再试。',
  ONE_TIME_CODE_NEEDED: '登录的前一步已通过，岗位须用动态口令：带上动态口令继续。',
  FORBIDDEN: '已登录，但所任岗位不在此项操作之列，或者本环节由其他岗位办理。有 detail 的，说明由谁办理。',
  CROSS_ORIGIN: '请求来自其他网站的页面，或者缺少 X-Anju 请求头。',
  NOT_FOUND: '地址或者所指的内容不存在，或者存在而本人无权查看；二者的答复相同，不泄露其有无。',
  METHOD_NOT_ALLOWED: '该地址不接受此请求方法；Allow 列出接受的方法。',
  CONFLICT: '所指的内容已处于另一状态，此项操作不再适用。请重新读取后再定；detail 说明现状。',
  STILL_RUNNING: '同一幂等键的请求还在处理。稍后以同一幂等键重发，即得其结果。',
  FOUR_EYES: '本人（或者所代理的人）已办理过本案互不相容的环节，须由他人办理。',
  RECUSAL: '本人（或者所代理的人）与本案当事人存在利害关系，应当回避。',
  OVER_LIMIT: '金额或者事项超出本岗的审批权限，须报上级。',
  RULES_REFUSE: '业务规则不允许，由谁办理都是如此；detail 列出全部理由。',
  STALE: 'If-Match 所带的版本已不是案件的现状：案件已有变动。请重新读取案件，看过之后再定；decided_by 和 decided_at 说明由谁在何时办理。',
  TOO_LARGE: '请求内容或者上传的文件超过上限。',
  UNSUPPORTED_MEDIA: '内容类型或者编码不受理；上传的文件按内容判断，不看扩展名。',
  KEY_REUSED: '该幂等键已用于另一内容的请求。每项操作用一个新的幂等键；只有原样重发时才用原来的。',
  KEY_MISSING: '缺少 Idempotency-Key 请求头，或者写法不对（8 至 80 个字母、数字、连字符、下划线）。',
  VERSION_MISSING: '缺少 If-Match 请求头，或者写法不对。先读取案件，再带上其 ETag。',
  TOO_MANY_REQUESTS: '同一来源的登录尝试过于频繁。Retry-After 给出多少秒后可以再试。',
  INTERNAL: '系统内部故障，已记入日志。报修时请提供 request_id。',
  UNAVAILABLE: '数据库或者流程引擎暂时没有应答。等待 Retry-After 所给的秒数，以同一幂等键重发。',
  ENROLMENT_NEEDED: '登录的前一步已通过，岗位须用动态口令，而本人尚未启用：先启用再继续。',
  STEP_OVER: '登录的这一步已用过或者已过期。请从头登录。',
  SIGN_IN_REFUSED: '统一身份认证平台的凭据未通过核验，或者其账号在本系统没有对应的在岗人员。',
  PROVIDER_DOWN: '统一身份认证平台没有应答。稍后再试，或者以工号和密码登录。',
  STEP_UP_NEEDED: '此项决定须当场再验一次动态口令：没有带上、不正确或者已使用过。带上新的动态口令，换一个幂等键重发。',
  NEW_PASSWORD_NEEDED: '登录所用的是初始密码。先设置新密码再继续。',
}

/** Every code of a problem under its own id, to which the `type` of the problem points. */
export const problemsHtml = (): Html =>
  html`${(Object.keys(PROBLEMS) as ProblemCode[]).map(
    (code) =>
      html`<details class="problem" id="${code}">
        <summary><b>${PROBLEMS[code][0]}</b> <code>${code}</code> <span>${PROBLEMS[code][1]}</span></summary>
        <p>${MEANINGS[code]}</p>
      </details> `,
  )}`
