import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { checkDigitOf, isLuhn } from './identity.ts'
import { plainDate } from './dates.ts'
import { flawsOn, loanApplication } from './loan.ts'

type Input = z.input<typeof loanApplication>

/** Made up, with check digits that hold. */
const ID_NUMBER = `11010119900307123${checkDigitOf('11010119900307123')}`
const CARD = Array.from('0123456789', (digit) => `622202100111222333${digit}`).find(isLuhn) ?? ''

const person = (name: string, idNumber: string) => ({
  name,
  idNumber,
  mobile: '13800001234',
  employer: '新乡市某单位',
  retirementCategory: 'MALE_60' as const,
  monthlyIncomeFen: '980000',
  otherMonthlyDebtFen: '0',
})

const application: Input = {
  maritalStatus: 'SINGLE',
  borrower: person('张三', ID_NUMBER),
  spouse: null,
  home: {
    kind: 'NEW',
    filingNumber: '410700-2025-000001',
    homeNumber: '410702001001GB00001F00010001',
    address: '新乡市红旗区某路1号',
    contractPriceFen: '96000000',
    areaSquareMetres: '112.36',
    builtYear: null,
    sellerName: '新乡某置业有限公司',
    receivingAccount: {
      kind: 'SUPERVISION',
      bankName: '某银行新乡分行',
      accountNumber: '4100001234567890',
      ownerName: '新乡某置业有限公司',
    },
  },
  downPaymentPaidFen: '31000000',
  entrustedBankId: 'bank-1',
  guarantee: { kind: 'MORTGAGE', institutionId: null },
  amountFen: '45000000',
  months: 360,
  method: 'EQUAL_INSTALMENT',
  repaymentCard: { bankName: '某银行', number: CARD, ownerName: '张三' },
}

const issuesOf = (input: unknown): string[] =>
  loanApplication.safeParse(input).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

it('a complete application of one person passes, with what was left out filled in', () => {
  expect(loanApplication.parse(application)).toMatchObject({
    children: [],
    coBorrowers: [],
    repaymentDay: 15,
    withdrawnForHomeFen: 0n,
    amountFen: 45000000n,
  })
})

describe('what a counter is told', () => {
  it.each<[string, object, string]>([
    ['a married applicant without a spouse', { maritalStatus: 'MARRIED' }, 'spouse: 已婚的须填写配偶'],
    ['one number for two people', { children: [{ name: '张小三', idNumber: ID_NUMBER }] }, 'borrower.idNumber: 同一身份证号码出现了两次'],
    [
      'somebody else’s card',
      { repaymentCard: { ...application.repaymentCard, ownerName: '李四' } },
      'repaymentCard.ownerName: 还款卡须为借款人、配偶或共同借款人所有',
    ],
    ['a resale home of unknown age', { home: { ...application.home, kind: 'RESALE' } }, 'home.builtYear: 二手住房须填写建成年份'],
    [
      'a surety without a house that gives it',
      { guarantee: { kind: 'SURETY', institutionId: null } },
      'guarantee.institutionId: 有阶段性保证的须填写担保机构',
    ],
    ['thirty years and a month', { months: 361 }, 'months: 期限至多360个月'],
    ['an amount with a decimal point', { amountFen: '450000.00' }, 'amountFen: 金额须为不带小数点的整数分'],
    [
      'no area at all',
      { home: { ...application.home, areaSquareMetres: '0.00' } },
      'home.areaSquareMetres: 面积须为大于零、至多两位小数的十进制文本，单位：平方米',
    ],
    ['a method nobody knows', { method: 'FREE' }, 'method: 须为以下之一：EQUAL_INSTALMENT（等额本息）、EQUAL_PRINCIPAL（等额本金）'],
  ])('%s', (_sentence, change, issue) => expect(issuesOf({ ...application, ...change })).toEqual([issue]))

  const child = (born: string) => ({ name: '张小三', idNumber: born + checkDigitOf(born) })
  const TODAY = plainDate('2025-11-03')
  const flaws = (children: object[]) =>
    flawsOn(loanApplication.parse({ ...application, children }), TODAY).filter(({ path }) => path[0] === 'children')

  it('a child is not of age on the day of the form, and is born', () => {
    expect(flaws([child('11010120071104124')])).toEqual([])
    expect(flaws([child('11010120071103124')])).toEqual([{ path: ['children', 0, 'idNumber'], message: '已满18周岁，不是未成年子女' }])
    expect(flaws([child('11010120251104124')]).map(({ message }) => message)).toContain('身份证号码中的出生日期晚于今天')
  })

  it('no sum of one loan is beyond what a person could owe', () => {
    const rich = (fen: string) => ({ ...application, borrower: { ...application.borrower, otherMonthlyDebtFen: fen } })
    expect(issuesOf(rich('100000000000'))).toEqual([])
    expect(issuesOf(rich('100000000001'))).toEqual(['borrower.otherMonthlyDebtFen: 金额不超过10亿元'])
  })

  it('an unknown field is refused, not dropped', () => {
    expect(loanApplication.safeParse({ ...application, rate: '2.6' }).success).toBe(false)
  })
})
