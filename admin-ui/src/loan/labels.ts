/** Labels of the application's fields: the form, the list of what is missing and the case page use the same words. */
export const FIELD_LABELS: Readonly<Record<string, string>> = {
  maritalStatus: '婚姻状况',
  name: '姓名',
  idNumber: '身份证号码',
  mobile: '手机号码',
  employer: '工作单位',
  retirementCategory: '退休年龄类别',
  talentClass: '人才类别',
  monthlyIncomeFen: '月收入（元）',
  otherMonthlyDebtFen: '其他债务月还款（元）',
  kind: '类型',
  use: '用途',
  filingNumber: '网签备案号',
  homeNumber: '不动产单元号',
  place: '所在行政区',
  address: '坐落',
  contractPriceFen: '合同总价（元）',
  areaSquareMetres: '建筑面积（平方米）',
  builtYear: '建成年份',
  sellerName: '卖方名称',
  bankName: '开户银行',
  accountNumber: '账号',
  ownerName: '户名',
  downPaymentPaidFen: '已付首付款（元）',
  withdrawnForHomeFen: '为本套住房已提取（元）',
  entrustedBankId: '受委托银行',
  institutionId: '担保机构',
  amountFen: '申请金额（元）',
  months: '申请期限（月）',
  method: '还款方式',
  repaymentDay: '每月还款日',
  number: '卡号',
}

const SECTION_LABELS: Readonly<Record<string, string>> = {
  borrower: '借款人',
  spouse: '配偶',
  children: '子女',
  coBorrowers: '共同借款人',
  home: '住房',
  receivingAccount: '收款账户',
  guarantee: '担保',
  repaymentCard: '还款卡',
}

/** `spouse.idNumber` → 配偶 · 身份证号码. */
export const pathLabel = (path: string): string =>
  path
    .split('.')
    .filter((step) => step !== 'home' || !path.includes('receivingAccount'))
    .map((step) => (/^\d+$/.test(step) ? String(Number(step) + 1) : (SECTION_LABELS[step] ?? FIELD_LABELS[step] ?? step)))
    .join(' · ')
