import { plainDate } from '#contracts/dates.ts'

/** A few people and homes that the houses outside know, for the tests of the ports. */
export const businessDate = plainDate('2025-11-03')
export const zhang = { name: '张建国', idNumber: '410702198503150018' }
export const li = { name: '李秀英', idNumber: '410702198607220029' }
export const stranger = { name: '王五', idNumber: '41070219900101003X' }
export const home = {
  homeNo: '410702-0001',
  place: '410700',
  owners: [zhang.idNumber, li.idNumber],
  use: 'RESIDENTIAL' as const,
  address: '新乡市红旗区某路1号',
  areaSquareMetres: '98.50',
  registeredOn: '2015-06-01',
  disposedOn: null,
}
export const seized = {
  ...home,
  homeNo: '410702-0002',
  owners: [stranger.idNumber],
  seizures: [{ court: '红旗区人民法院', orderNo: '(2025)豫0702执1号', rank: 1, seizedOn: '2025-01-02', endsOn: '2028-01-01' }],
}
export const credit = {
  reportNo: 'CR-0001',
  overdueMonthsIn24: 1,
  overdueMonthsIn60: 2,
  longestOverdueMonths: 1,
  currentOverdueFen: '0',
  openLoans: 1,
  openHousingLoans: 0,
  outstandingFen: '1200000',
  monthlyRepaymentFen: '30000',
  guaranteedFen: '0',
}
export const loan = {
  centre: '郑州住房公积金管理中心',
  contractNo: 'ZZ-1',
  role: 'BORROWER' as const,
  grantedOn: '2012-01-01',
  amountFen: '30000000',
  balanceFen: '0',
  settledOn: '2020-01-01',
  overdueInstalments: 0,
}
