import { plainDate, type PlainDate } from '#contracts/dates.ts'
import type { PolicyRow } from '../policy-at.ts'

const XINXIANG_2024 = '新乡（市）住房公积金2024年年度报告'

/** Loan rates, set by the nation for everybody (个人住房公积金贷款利率). Rates before 2022-10-01 are not kept: no loan decided here had them. */
const rates: readonly PolicyRow[] = [
  ...ratesFrom(plainDate('2022-10-01'), ['2.60', '3.10', '3.025', '3.575'], {
    source: XINXIANG_2024,
    article: '六、（三）新乡5（1）',
    reason: '利率见年报；2022-10-01这一起始日年报未载，按一般了解填列',
  }),
  ...ratesFrom(plainDate('2024-05-18'), ['2.35', '2.85', '2.775', '3.325'], { source: XINXIANG_2024, article: '六、（三）新乡5（2）' }),
  ...ratesFrom(plainDate('2025-05-08'), ['2.10', '2.60', '2.525', '3.075'], {
    source: '中国人民银行关于下调个人住房公积金贷款利率的通知（2025年5月）',
    article: '首套；第二套为下限',
    reason: '经百色等中心转发的公告核对；第二套为“不低于”，各地可上浮',
  }),
]

/** In the order of a notice: first home to five years and beyond, second home to five years and beyond. */
function ratesFrom(
  effectiveOn: PlainDate,
  [firstShort, firstLong, secondShort, secondLong]: readonly [string, string, string, string],
  from: { source: string; article: string; reason?: string },
): PolicyRow[] {
  const common = { scope: 'national', effectiveOn, standing: 'PUBLISHED', ...from } as const
  return [
    { key: 'rateFirstShortPercent', value: firstShort, ...common },
    { key: 'rateFirstLongPercent', value: firstLong, ...common },
    { key: 'rateSecondShortPercent', value: secondShort, ...common },
    { key: 'rateSecondLongPercent', value: secondLong, ...common },
  ]
}

const published = { scope: 'national', standing: 'PUBLISHED' } as const
const assumed = { scope: 'national', standing: 'ASSUMED' } as const

export const nationalValues: readonly PolicyRow[] = [
  ...rates,
  {
    ...published,
    key: 'rateShortMonthsMax',
    effectiveOn: plainDate('2022-10-01'),
    value: 60,
    source: XINXIANG_2024,
    article: '六、（三）新乡5',
  },
  {
    ...published,
    key: 'decisionDaysMax',
    effectiveOn: plainDate('2019-03-24'),
    value: 15,
    source: '住房公积金管理条例（2019年修订）',
    article: '第二十六条',
  },
  {
    ...published,
    key: 'decisionDaysMax',
    effectiveOn: plainDate('2026-09-20'),
    value: 10,
    source: '住房公积金管理条例（国务院令第844号修订）',
    article: '第二十六条',
    reason: '修订文本经两份独立摘要核对，未见过渡条款：按受理日适用',
  },
  {
    ...assumed,
    key: 'decisionDaysUnit',
    effectiveOn: plainDate('2019-03-24'),
    value: 'CALENDAR',
    source: '住房公积金管理条例',
    article: '第二十六条',
    reason: '条例只称“日”，未写明工作日；按自然日计算，届满日为休息日的顺延',
  },
  {
    ...published,
    key: 'retirementAges',
    effectiveOn: plainDate('1978-06-02'),
    value: {
      MALE_60: { ageMonths: 720, slide: null },
      FEMALE_55: { ageMonths: 660, slide: null },
      FEMALE_50: { ageMonths: 600, slide: null },
    },
    source: '国务院关于安置老弱病残干部的暂行办法、国务院关于工人退休、退职的暂行办法（国发〔1978〕104号）',
    article: '第四条、第一条',
  },
  {
    ...published,
    key: 'retirementAges',
    effectiveOn: plainDate('2025-01-01'),
    value: {
      MALE_60: { ageMonths: 720, slide: { bornFrom: '1965-01', monthsPerStep: 4, ageMonthsMax: 756 } },
      FEMALE_55: { ageMonths: 660, slide: { bornFrom: '1970-01', monthsPerStep: 4, ageMonthsMax: 696 } },
      FEMALE_50: { ageMonths: 600, slide: { bornFrom: '1975-01', monthsPerStep: 2, ageMonthsMax: 660 } },
    },
    source: '全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定',
    article: '第一条及附表',
  },
  {
    ...assumed,
    key: 'termMonthsMax',
    effectiveOn: plainDate('2022-10-01'),
    value: 360,
    source: '各地通行做法',
    article: '最长贷款期限（假定）',
    reason: '年报未载；各地普遍规定最长30年',
  },
]
