import { expect, test } from 'vitest'
import { maskAccount, maskHolder, maskIdNumber, maskName, maskPhone } from './masking.ts'

test.each([
  ['a name of three', maskName('张小三'), '张*三'],
  ['a name of two', maskName('张三'), '张*'],
  ['a name of four', maskName('欧阳小三'), '欧**三'],
  ['a name of one', maskName('张'), '*'],
  ['a name outside the basic plane, counted by characters', maskName('𬱖小𠮷'), '𬱖*𠮷'],
  ['no name', maskName(''), ''],
  ['a name with a dot, of any length', maskName('阿依古丽·买买提'), '阿******提'],
  ['a seller who is a person', maskHolder('阿依古丽·买买提'), '阿******提'],
  ['a person of five characters', maskHolder('欧阳娜娜子'), '欧***子'],
  ['a firm', maskHolder('新乡市牧野置业有限公司'), '新乡市牧野置业有限公司'],
  ['a bank', maskHolder('中原银行股份有限公司新乡分行'), '中原银行股份有限公司新乡分行'],
  ['a partnership', maskHolder('平原置业（有限合伙）'), '平原置业（有限合伙）'],
  ['a person whose name only begins like a firm’s', maskHolder('公孙厂长安'), '公***安'],
  ['an identity number', maskIdNumber('110101199003071234'), '110101********1234'],
  ['an old identity number', maskIdNumber('110101900307123'), '110101*****7123'],
  ['a text too short for the pattern is covered whole', maskIdNumber('1101011234'), '**********'],
  ['a mobile number', maskPhone('13800001234'), '138****1234'],
  ['a short number', maskPhone('12329'), '*****'],
  ['an account keeps its last four places', maskAccount('6222021001112223336'), '***************3336'],
  ['an account of four places', maskAccount('1234'), '****'],
])('%s', (_, masked, expected) => {
  expect(masked).toBe(expected)
})
