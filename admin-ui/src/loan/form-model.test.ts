import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { emptyForm, formOf, readForm, type LoanForm } from './form-model.ts'

const person = {
  name: '周景行',
  idNumber: '419899199511020216',
  mobile: '19900900010',
  employer: '安居示范机械有限公司',
  retirementCategory: 'MALE_60',
  talentClass: '',
  monthlyIncomeFen: '8,800',
  otherMonthlyDebtFen: '0',
}

const complete = (change: (form: LoanForm) => void = () => undefined): LoanForm => {
  const form: LoanForm = {
    ...emptyForm(),
    maritalStatus: 'SINGLE',
    borrower: { ...person },
    home: {
      kind: 'NEW',
      use: 'OWN_OCCUPIED',
      filingNumber: 'WQ-S-900010',
      homeNumber: '419899-GB900010-F0001',
      place: '410700',
      address: '望禾区安禾大道18号',
      contractPriceFen: '76万',
      areaSquareMetres: '108.66',
      builtYear: '',
      sellerName: '安居示范置业有限公司',
      receivingAccount: { kind: 'SUPERVISION', bankName: '禾丰银行', accountNumber: '9998099000900010', ownerName: '安居示范置业有限公司' },
    },
    downPaymentPaidFen: '360000',
    entrustedBankId: 'bank-hefeng',
    amountFen: '40万',
    months: '240',
    repaymentCard: { bankName: '禾丰银行', number: '6999880000009000102', ownerName: '周景行' },
  }
  change(form)
  return form
}

const issuesOf = (form: LoanForm): Record<string, string> =>
  Object.fromEntries(readForm(form).issues.map(({ path, message }) => [path, message]))

test('填写完整的申请可以提交，金额以分送出', () => {
  const { body, issues } = readForm(complete())
  expect(issues).toEqual([])
  expect(body).toMatchObject({ amountFen: '40000000', months: 240, spouse: null, home: { contractPriceFen: '76000000', builtYear: null } })
})

test('空白表逐项列出待填写的栏目，而不是只说第一项', () => {
  const issues = issuesOf(emptyForm())
  expect(Object.keys(issues).length).toBeGreaterThan(20)
  expect(new Set(Object.values(issues))).toEqual(new Set(['请填写']))
})

test.each<[string, (form: LoanForm) => void, string, RegExp]>([
  ['身份证号码末位不符', (form) => (form.borrower.idNumber = '419899199511020217'), 'borrower.idNumber', /校验码/],
  ['金额写成汉字', (form) => (form.amountFen = '四十万'), 'amountFen', /金额格式/],
  ['已婚未填配偶', (form) => (form.maritalStatus = 'MARRIED'), 'spouse.name', /请填写/],
  ['二手住房未填建成年份', (form) => (form.home.kind = 'RESALE'), 'home.builtYear', /请填写/],
  ['未选住房所在行政区', (form) => (form.home.place = ''), 'home.place', /请填写|请选择/],
  ['有阶段性保证未填担保机构', (form) => (form.guarantee.kind = 'SURETY'), 'guarantee.institutionId', /请填写/],
  ['还款卡是别人的', (form) => (form.repaymentCard.ownerName = '冯泽铭'), 'repaymentCard.ownerName', /还款卡/],
])('%s，错误落在那一栏', (_, change, path, words) => expect(issuesOf(complete(change))[path]).toMatch(words))

test('没有阶段性保证的不送担保机构，换回抵押时也不留下', () => {
  const { body } = readForm(complete((form) => (form.guarantee.institutionId = 'guarantor-anxin')))
  expect(body).toMatchObject({ guarantee: { kind: 'MORTGAGE', institutionId: null } })
})

test('二手住房的建成年份不得晚于营业日期，与资格预审文件同一口径', () => {
  const built = (year: string) =>
    readForm(
      complete((form) => {
        form.home.kind = 'RESALE'
        form.home.builtYear = year
        form.home.receivingAccount.kind = 'ESCROW'
      }),
      plainDate('2025-11-03'),
    ).issues
  expect(built('2025')).toEqual([])
  expect(built('2026')).toEqual([{ path: 'home.builtYear', message: '建成年份晚于2025-11-03' }])
})

test('脱敏的内容不能原样送回：栏目留空，原样作提示', () => {
  const { form, covered } = formOf({
    ...readForm(complete()).body,
    borrower: { ...person, monthlyIncomeFen: '880000', idNumber: '419899********0216' },
  })
  expect(form.borrower.idNumber).toBe('')
  expect(covered).toEqual({ 'borrower.idNumber': '419899********0216' })
  expect(form.amountFen).toBe('400,000')
})
