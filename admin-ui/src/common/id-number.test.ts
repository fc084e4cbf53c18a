import { checkDigitOf } from '#contracts/identity.ts'
import { expect, test } from 'vitest'
import { idNumberHint, isWrongIdNumber } from './id-number.ts'

const FIRST = '41989919900307002'
const RIGHT = FIRST + checkDigitOf(FIRST)
const WRONG = FIRST + (RIGHT.endsWith('1') ? '2' : '1')

test.each<[string, string, string | undefined, boolean]>([
  ['nothing yet', '', undefined, false],
  ['half a number', '4198991', '已填 7 / 18 位', false],
  ['a whole one', RIGHT, '女，1990-03-07 出生', false],
  ['one whose last place is wrong', WRONG, '身份证号码末位校验码不符，请与证件逐位核对', true],
  ['a letter in the middle, still being typed', '41A', '身份证号码应为18位', false],
])('%s', (_what, text, hint, wrong) => {
  expect([idNumberHint(text), isWrongIdNumber(text)]).toEqual([hint, wrong])
})
