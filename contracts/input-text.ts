import type { z } from 'zod'

type Issue = z.core.$ZodRawIssue

/**
 * What is wrong with an input, in Chinese, for what a schema does not put into words itself. Pass it to a parse as `error`; a schema's
 * own sentence goes first. Never repeats the input: it may be anything, also somebody's data.
 */
export const inputText: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? '必填' : `类型有误，须为${TYPES[issue.expected] ?? issue.expected}`
    case 'too_small':
      return issue.minimum === 1 && issue.origin !== 'number' && issue.input !== undefined
        ? EMPTY[issue.origin]
        : bound(issue, '不得少于', '不得小于', issue.minimum)
    case 'too_big':
      return bound(issue, '不得超过', '不得大于', issue.maximum)
    case 'invalid_value':
      return '不在可选范围内'
    case 'invalid_format':
      return FORMATS[issue.format] ?? '格式不正确'
    case 'not_multiple_of':
      return `须为${issue.divisor}的整数倍`
    case 'unrecognized_keys':
      return `无法识别的字段：${issue.keys.join('、')}`
    default:
      return '填写的内容无法识别'
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: '文本',
  number: '数字',
  int: '整数',
  bigint: '整数',
  boolean: '是或否',
  array: '列表',
  object: '一组字段',
  record: '一组字段',
  date: '日期',
  null: '空值',
}

const EMPTY: Readonly<Record<string, string>> = {
  string: '不能为空',
  array: '至少一项',
  set: '至少一项',
  map: '至少一项',
  file: '不能为空文件',
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '编号格式不正确',
  datetime: '时刻格式不正确',
  date: '日期格式不正确',
  email: '电子邮箱格式不正确',
  url: '网址格式不正确',
  ipv4: 'IP地址格式不正确',
  ipv6: 'IP地址格式不正确',
}

const UNITS: Readonly<Record<string, string>> = { string: '个字', array: '项', set: '项', map: '项', file: '字节' }

/** How many of something, or how large a number. */
function bound(issue: Issue & { origin: string }, howMany: string, howLarge: string, limit: number | bigint): string {
  const unit = UNITS[issue.origin]
  return unit === undefined ? `${howLarge}${limit}` : `${howMany}${limit}${unit}`
}
