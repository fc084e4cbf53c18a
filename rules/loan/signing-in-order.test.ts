import { expect, test } from 'vitest'
import { signingInOrder } from './signing-in-order.ts'

const fine = { repaymentCard: 'ACTIVE', debitAgreement: 'SIGNED', receivingAccount: 'VALID' } as const

test.each<[string, Partial<Parameters<typeof signingInOrder>[0]>, string[]]>([
  ['everything in order', {}, []],
  ['a receiving account of another name', { receivingAccount: 'NAME_MISMATCH' }, ['收款账户：户名与账号不符']],
  ['a receiving account that is frozen', { receivingAccount: 'FROZEN' }, ['收款账户：被冻结']],
  ['a dormant card', { repaymentCard: 'DORMANT' }, ['还款卡：长期不动户，首期扣款将失败']],
  [
    'nothing in order',
    { repaymentCard: 'NOT_FOUND', debitAgreement: 'MISSING', receivingAccount: 'NOT_FOUND' },
    ['收款账户：账号不存在', '还款卡：卡号不存在', '委托扣款协议：尚未签订'],
  ],
])('%s', (_what, told, expected) => expect(signingInOrder({ ...fine, ...told }).map(({ text }) => text)).toEqual(expected))
