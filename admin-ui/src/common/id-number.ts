import { checkIdNumber } from '#contracts/identity.ts'

/** What stands beside a half-typed identity number: how many places are there, then which part is wrong; it offers no correction. */
export function idNumberHint(text: string): string | undefined {
  if (text === '') return undefined
  const checked = checkIdNumber(text)
  if (checked.ok) return `${checked.sex === 'MALE' ? '男' : '女'}，${checked.bornOn} 出生`
  return /^\d{1,17}$/.test(text) ? `已填 ${text.length} / 18 位` : checked.text
}

/** Whether a number is there in full and wrong: red only then, not while it is typed. */
export const isWrongIdNumber = (text: string): boolean => Array.from(text).length >= 18 && !checkIdNumber(text).ok
