import { plainDate } from '#contracts/dates.ts'
import type { PolicyRow } from '../policy-at.ts'
import { assumedValues } from './assumed.ts'

/** The report prints the changes of 2024 without their days: each is entered from the first day of that year, and says so. */
const published = {
  scope: 'changyuan',
  standing: 'PUBLISHED',
  source: '新乡（市）住房公积金2024年年度报告',
  effectiveOn: plainDate('2024-01-01'),
  reason: '年报载为2024年度政策，未载起始日，取年度首日',
} as const

export const changyuanValues: readonly PolicyRow[] = [
  ...assumedValues('changyuan', plainDate('2024-01-01')),
  { ...published, key: 'maxOneContributorFen', value: '40000000', article: '二、（三）1' },
  { ...published, key: 'maxTwoContributorsFen', value: '60000000', article: '二、（三）1' },
  { ...published, key: 'multiChildUpliftFenMax', value: '10000000', article: '六、（三）长垣3之一' },
  {
    ...published,
    key: 'talents',
    value: {
      maxima: [
        { classFrom: 1, classTo: 2, maxFen: '100000000' },
        { classFrom: 3, classTo: 5, maxFen: '80000000' },
      ],
      contributionPeriodWaived: true,
    },
    article: '六、（三）长垣3之二',
  },
  { ...published, key: 'downPaymentSecondPercent', value: '30', article: '六、（三）长垣3之三' },
  { ...published, key: 'homeCounting', value: 'REGISTRY_AND_HOUSING_DEPARTMENT', article: '六、（三）长垣3之四' },
  {
    key: 'homesInPlaceMax',
    scope: 'changyuan',
    effectiveOn: plainDate('2024-01-01'),
    value: 1,
    standing: 'ASSUMED',
    source: '建金〔2010〕179号',
    article: '停止向第三套及以上住房发放贷款（假定）',
    reason: '长垣只载首套与第二套；第三套按全国统一要求不予贷款',
  },
  {
    key: 'reviewBody',
    scope: 'changyuan',
    effectiveOn: plainDate('2024-01-01'),
    value: '长垣市人民政府',
    standing: 'PUBLISHED',
    source: '新乡（市）住房公积金2024年年度报告',
    article: '一、（二）',
    reason: '年报载中心隶属本级人民政府；以其为行政复议机关，依《行政复议法》第二十四条',
  },
  {
    key: 'lendingArea',
    scope: 'changyuan',
    effectiveOn: plainDate('2024-01-01'),
    value: ['410783'],
    standing: 'ASSUMED',
    source: '新乡（市）住房公积金2024年年度报告',
    article: '贷款区域（假定）',
    reason: '年报未载贷款区域；按本中心管理的行政区域',
  },
]
