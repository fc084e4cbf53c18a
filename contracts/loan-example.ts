import type { z } from 'zod'
import type { loanFacts } from './loan-facts.ts'

type FactsInput = z.input<typeof loanFacts>

const matched = { state: 'KNOWN', source: '公安人口库', value: { matched: true, alive: true } } as const
const noDishonesty = { state: 'KNOWN', source: '失信被执行人名单', value: false } as const
const noTalent = { state: 'KNOWN', source: '人才主管部门名册', value: null } as const
const cleanCredit = {
  state: 'KNOWN',
  source: '征信机构',
  value: { overdueNowFen: '0', overdueRunMonths: 0, overdueTimes24Months: 1 },
} as const

/** A married couple with one child, both paying in, who buy their first home. Complete, as a command prints it; invented throughout. */
export const exampleFacts: FactsInput = {
  borrower: {
    bornOn: '1990-05-12',
    sex: 'MALE',
    retirementCategory: 'MALE_60',
    identity: matched,
    contribution: {
      state: 'KNOWN',
      source: '本中心缴存库',
      value: {
        status: 'NORMAL',
        membership: 'EMPLOYEE',
        place: 'LOCAL',
        monthsContinuous: 62,
        baseFen: '980000',
        monthlyFen: '196000',
        balanceFen: '8640000',
      },
    },
    credit: cleanCredit,
    dishonestDebtor: noDishonesty,
    talentClass: noTalent,
    bans: [],
    accountRestricted: false,
    monthlyIncomeFen: '980000',
    otherMonthlyDebtFen: '120000',
  },
  spouse: {
    bornOn: '1991-11-30',
    sex: 'FEMALE',
    retirementCategory: 'FEMALE_55',
    identity: matched,
    contribution: {
      state: 'KNOWN',
      source: '本中心缴存库',
      value: {
        status: 'NORMAL',
        membership: 'EMPLOYEE',
        place: 'LOCAL',
        monthsContinuous: 38,
        baseFen: '720000',
        monthlyFen: '144000',
        balanceFen: '4105000',
      },
    },
    credit: cleanCredit,
    dishonestDebtor: noDishonesty,
    talentClass: noTalent,
    bans: [],
    accountRestricted: false,
    monthlyIncomeFen: '720000',
    otherMonthlyDebtFen: '0',
  },
  coBorrowers: [],
  family: { state: 'KNOWN', source: '民政婚姻登记、公安户籍', value: { maritalStatus: 'MARRIED', minorChildren: 1 } },
  homesInPlace: { state: 'KNOWN', source: '不动产登记中心', value: 0 },
  homesByHousingDepartment: { state: 'KNOWN', source: '住房保障部门', value: 0 },
  fundLoans: { state: 'KNOWN', source: '全国住房公积金监管服务平台', value: { used: 0, outstanding: 0 } },
  home: {
    kind: 'NEW',
    use: 'OWN_OCCUPIED',
    inPlace: true,
    contractPriceFen: '96000000',
    areaSquareMetres: '112.36',
    builtYear: null,
    filing: { state: 'KNOWN', source: '不动产登记中心', value: { priceFen: '96000000', valid: true, buyersMatch: true } },
    seized: { state: 'KNOWN', source: '不动产登记中心', value: false },
    projectSuspended: false,
    receivingAccount: 'SUPERVISION',
    downPaymentPaidFen: '31000000',
    withdrawnFen: '0',
    otherOpenApplications: 0,
  },
  applied: { amountFen: '65000000', months: 360, method: 'EQUAL_INSTALMENT', guarantee: 'MORTGAGE' },
}
