import {
  approverLevels,
  balanceFormula,
  count,
  money,
  oneOf,
  percent,
  retirementAges,
  talentTerms,
  words,
  wording,
  type ValueType,
} from './value-types.ts'

/** The day whose policy rules a case for this parameter: acceptance (受理), signing (签约), release of money (放款), or the day of the act. */
export type Governs = 'ACCEPTANCE' | 'CONTRACT' | 'DISBURSEMENT' | 'EVENT'

/** Who may set it: the nation, the province or the reporting entity. A narrower scope goes before a wider one. */
export type Level = 'NATION' | 'PROVINCE' | 'ENTITY'

export interface Parameter<T> {
  readonly label: string
  readonly unit: string
  readonly type: ValueType<T>
  readonly level: Level
  readonly governs: Governs
  /** False: no city need have it, and where it is absent the question is not asked. True: without it no policy is in force. */
  readonly required: boolean
}

const needed =
  (level: Level, governs: Governs) =>
  <T>(type: ValueType<T>, unit: string, label: string) =>
    ({ label, unit, type, level, governs, required: true }) as const
const optional =
  (level: Level, governs: Governs) =>
  <T>(type: ValueType<T>, unit: string, label: string) =>
    ({ label, unit, type, level, governs, required: false }) as const

const national = needed('NATION', 'ACCEPTANCE')
const rate = needed('NATION', 'DISBURSEMENT')
const city = needed('ENTITY', 'ACCEPTANCE')
const cityMay = optional('ENTITY', 'ACCEPTANCE')
const contract = needed('ENTITY', 'CONTRACT')

/** Every number and choice that a ministry, a province or a committee can change. Rules read them from a snapshot and know no others. */
export const PARAMETERS = {
  rateFirstShortPercent: rate(percent, '%/年', '首套、五年以下（含五年）贷款年利率'),
  rateFirstLongPercent: rate(percent, '%/年', '首套、五年以上贷款年利率'),
  rateSecondShortPercent: rate(percent, '%/年', '第二套、五年以下（含五年）贷款年利率'),
  rateSecondLongPercent: rate(percent, '%/年', '第二套、五年以上贷款年利率'),
  rateShortMonthsMax: rate(count, '月', '适用五年以下利率的最长合同期限'),

  decisionDaysMax: national(count, '日', '贷款审批时限（自受理之日起）'),
  decisionDaysUnit: national(oneOf('CALENDAR', 'WORKING'), '', '审批时限的计算单位'),
  retirementAges: national(retirementAges, '月', '法定退休年龄'),
  termMonthsMax: national(count, '月', '最长贷款期限'),

  maxOneContributorFen: city(money, '分', '单缴存职工最高贷款额度'),
  maxTwoContributorsFen: city(money, '分', '双缴存职工最高贷款额度'),
  multiChildUpliftFenMax: cityMay(money, '分', '多子女家庭首套住房额度上浮的上限'),
  multiChildChildrenMin: cityMay(count, '人', '认定为多子女家庭的未成年子女数'),
  talents: cityMay(talentTerms, '', '高层次人才贷款条件'),
  homeCounting: city(oneOf('REGISTRY', 'REGISTRY_AND_HOUSING_DEPARTMENT'), '', '住房套数查询口径'),
  homeUsesUncounted: cityMay(words, '', '不计入住房套数的不动产用途'),
  homesInPlaceMax: city(count, '套', '购房地已有住房的上限，超过不予贷款'),
  loansUsedMax: cityMay(count, '次', '全国范围内已使用公积金贷款次数的上限，超过不予贷款'),
  loansOutstandingMax: city(count, '笔', '家庭未结清公积金贷款的上限，超过不予贷款'),
  contributionMonthsBehindMax: cityMay(count, '月', '视为按月足额缴存的最多滞后月数'),
  lendingArea: cityMay(words, '', '准予贷款的行政区域（行政区划代码）'),
  contributionMonthsMin: city(count, '月', '申请前连续足额缴存的最少月数'),
  downPaymentFirstPercent: city(percent, '%', '首套住房最低首付款比例'),
  downPaymentSecondPercent: city(percent, '%', '第二套住房最低首付款比例'),
  incomeSharePercentMax: city(percent, '%', '月还款额占家庭月收入的上限'),
  balanceFormula: city(balanceFormula, '', '贷款额度与账户余额挂钩的公式'),
  ageBeyondRetirementMonthsMax: city(count, '月', '贷款到期日可超过法定退休年龄的月数'),
  resaleBuildingAndTermYearsMax: cityMay(count, '年', '二手房楼龄与贷款期限之和的上限'),
  amountStepFen: city(money, '分', '贷款金额的取整单位（向下）'),
  amountFenMin: city(money, '分', '最低贷款金额'),
  overdueRunMonthsMax: city(count, '期', '征信最长连续逾期期数的上限'),
  overdueTimesMax: city(count, '次', '征信近24个月累计逾期次数的上限'),
  approverLevels: city(approverLevels, '分', '审批权限'),
  approverRaisedBy: city(words, '', '审批权限提高一级的情形（理由代码）'),
  approvalValidDays: needed('ENTITY', 'EVENT')(count, '日', '审批结论有效期'),
  // Of the day of the notice. Where no period is set, the applicant is asked all the same, and nothing lapses.
  answerDays: optional('ENTITY', 'EVENT')(count, '日', '补正期限（自一次性告知书送达之日起）'),

  // Of the day of the letter. Where none is set the letter names nobody, and says by which law the reader finds out.
  reviewBody: optional('ENTITY', 'EVENT')(wording, '', '行政复议机关'),
  officeAddress: optional('ENTITY', 'EVENT')(wording, '', '文书所载办事地点'),

  releaseFloorFen: optional('ENTITY', 'DISBURSEMENT')(money, '分', '放款后银行专户的最低保留余额，不足的轮候放款'),

  firstPeriod: contract(oneOf('ACTUAL_DAYS', 'FULL_MONTH'), '', '首期不足或超过一个月时的计息方式'),
  repricingSplit: contract(oneOf('WHOLE_PERIOD', 'SPLIT_AT_JAN1'), '', '1月1日调整利率时1月应还利息的计算方式'),
  bucketOnShorten: contract(oneOf('KEEP', 'RECLASSIFY'), '', '缩短期限后是否重新适用利率档次'),
  shortenedInstalment: contract(oneOf('RECOMPUTE', 'KEEP'), '', '缩期后月还款额重新计算或保持不变'),
  penaltyBase: contract(oneOf('PRINCIPAL_ONLY', 'PRINCIPAL_AND_INTEREST'), '', '罚息计算基数'),
  penaltyPercentOfRate: contract(count, '%', '罚息利率相当于合同利率的百分比'),
} as const satisfies Record<string, Parameter<unknown>>

export type ParameterKey = keyof typeof PARAMETERS
export type ParameterValue<K extends ParameterKey> = (typeof PARAMETERS)[K]['type'] extends ValueType<infer T> ? T : never

/** Keys that a policy may lack. */
export type OptionalKey = { [K in ParameterKey]: (typeof PARAMETERS)[K]['required'] extends true ? never : K }[ParameterKey]
export type RequiredKey = Exclude<ParameterKey, OptionalKey>

export const parameterKeys = Object.keys(PARAMETERS) as ParameterKey[]
/** Whether the house knows a parameter of this name. */
export const isParameterKey = (text: string): text is ParameterKey => Object.hasOwn(PARAMETERS, text)

/** What governs all of these parameters. @throws RangeError when it is not the same for each */
export function governsAll(keys: readonly [ParameterKey, ...ParameterKey[]]): Governs {
  const [governs, ...others] = new Set<Governs>(keys.map((key) => PARAMETERS[key].governs))
  if (governs === undefined || others.length > 0) throw new RangeError(`${keys.join()} are governed by different days`)
  return governs
}
