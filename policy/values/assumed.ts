import type { PlainDate } from '#contracts/dates.ts'
import type { ParameterKey } from '../catalogue.ts'
import type { PolicyRow } from '../policy-at.ts'
import type { Entity } from '../scopes.ts'
import type { Json } from '../value-types.ts'

/**
 * What neither centre has published in the documents at hand and without which no loan can be decided. Each centre gets its own rows, so
 * that its committee can replace one without the other's. Every row says what it was taken from; verdicts and screens show it as assumed.
 */
export const assumedValues = (scope: Entity, effectiveOn: PlainDate): readonly PolicyRow[] =>
  ASSUMED.map(([key, value, article, reason]) => ({
    key,
    scope,
    effectiveOn,
    value,
    standing: 'ASSUMED',
    source: '各地通行做法',
    article: `${article}（假定）`,
    reason,
  }))

const ASSUMED: readonly (readonly [ParameterKey, Json, string, string])[] = [
  ['multiChildChildrenMin', 2, '多子女家庭认定', '年报未载子女数；按两个及以上未成年子女认定'],
  ['loansOutstandingMax', 0, '未结清贷款', '多数城市规定家庭有未结清公积金贷款的不予贷款'],
  ['contributionMonthsMin', 6, '缴存时间', '多数城市要求申请前连续足额缴存6个月'],
  ['contributionMonthsBehindMax', 2, '缴存连续性', '单位按月汇缴，当月款通常次月入账；滞后两个月以内的仍视为连续'],
  ['downPaymentFirstPercent', '20', '首套首付款比例', '多数城市首套住房最低首付20%'],
  ['incomeSharePercentMax', '60', '还款能力', '各地取40%至60%，取其高者以免无据拒贷'],
  ['balanceFormula', { kind: 'NONE' }, '余额公式', '年报未载与账户余额挂钩的公式，按不挂钩处理'],
  ['ageBeyondRetirementMonthsMax', 60, '贷款到期年龄', '多数城市规定可贷至法定退休年龄后5年'],
  ['amountStepFen', '100000', '金额取整', '按1000元取整'],
  ['amountFenMin', '1000000', '最低贷款金额', '有城市规定最低1万元'],
  ['overdueRunMonthsMax', 2, '信用状况', '按通行的“连三累六”：连续逾期达到3期的不予贷款'],
  ['overdueTimesMax', 5, '信用状况', '按通行的“连三累六”：累计逾期达到6次的不予贷款'],
  [
    'approverLevels',
    [
      { post: 'APPROVER', amountFenMax: '50000000' },
      { post: 'DEPUTY_DIRECTOR', amountFenMax: null },
    ],
    '审批权限',
    '年报未载；50万元（含）以下由审批岗审批，以上由分管领导审批',
  ],
  [
    'approverRaisedBy',
    ['PRICE_DIFFERS', 'TALENT_TERMS', 'SOURCE_UNAVAILABLE'],
    '审批权限',
    '价格不一致、适用人才条件、经人工核验的，提高一级审批',
  ],
  ['approvalValidDays', 90, '审批有效期', '各地30日至180日不等，取90日'],
  ['answerDays', 30, '补正期限', '条例和年报均未载申请人补正的期限；按通行的30日（自然日）'],
  ['officeAddress', '以本中心公布的办事网点地址为准', '文书所载办事地点', '年报未载各办事网点的地址'],
  ['releaseFloorFen', '0', '轮候放款', '年报未载资金流动性控制线；专户余额足以放款的不轮候'],
  ['firstPeriod', 'ACTUAL_DAYS', '首期计息', '有城市规定首期按实际天数计息'],
  ['repricingSplit', 'WHOLE_PERIOD', '利率调整', '全国未统一；按1月整期执行新利率'],
  ['bucketOnShorten', 'KEEP', '缩期后的利率档次', '全国未统一；按原合同期限的档次执行'],
  ['shortenedInstalment', 'RECOMPUTE', '缩期后的月还款额', '全国未统一；按缩短后的期限重新计算'],
  ['penaltyBase', 'PRINCIPAL_ONLY', '罚息基数', '各地不一；以逾期本金为基数'],
  ['penaltyPercentOfRate', 150, '罚息利率', '按合同利率上浮50%'],
]
