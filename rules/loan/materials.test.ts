import { expect, test } from 'vitest'
import { LOAN_MATERIALS, materialsComplete, type FiledMaterial } from './materials.ts'

const whole: FiledMaterial[] = LOAN_MATERIALS.filter(({ required }) => required).map(({ code }) => ({
  material: code,
  checkState: 'VERIFIED',
}))
const found = (material: string, checkState: FiledMaterial['checkState']): FiledMaterial => ({ material, checkState })
const without = (material: string): FiledMaterial[] => whole.filter((one) => one.material !== material)

test.each<[string, FiledMaterial[], string[]]>([
  ['everything required was handed in and found good', whole, []],
  ['what is not required may be lacking, and may wait to be looked at', [...whole, found('OTHER', 'UNCHECKED')], []],
  [
    'nothing was handed in',
    [],
    ['申请材料未提交：身份证明、婚姻状况证明、购房合同（网签备案）、首付款凭证、收入证明、征信查询授权书、还款卡复印件'],
  ],
  ['nobody may query the bureau', without('CREDIT_AUTHORISATION'), ['申请材料未提交：征信查询授权书']],
  ['one has not been looked at', [...without('INCOME'), found('INCOME', 'UNCHECKED')], ['申请材料尚未核对：收入证明']],
  ['a page that came later has not been looked at', [...whole, found('CONTRACT', 'UNCHECKED')], ['申请材料尚未核对：购房合同（网签备案）']],
  ['one says something else', [...without('CONTRACT'), found('CONTRACT', 'MISMATCH')], ['申请材料核对为缺或者不符：购房合同（网签备案）']],
  ['a better one lies beside the one found wanting', [...whole, found('IDENTITY', 'MISSING')], []],
  [
    'everything that is wrong is named at once',
    [...whole.slice(2), found('IDENTITY', 'MISMATCH')],
    ['申请材料未提交：婚姻状况证明', '申请材料核对为缺或者不符：身份证明'],
  ],
])('%s', (_, filed, expected) => {
  expect(materialsComplete(filed).map(({ text }) => text)).toEqual(expected)
})
