import { plainDate } from '#contracts/dates.ts'
import type { PolicyRow } from '../policy-at.ts'
import { assumedValues } from './assumed.ts'

const published = {
  scope: 'xinxiang',
  standing: 'PUBLISHED',
  source: '新乡（市）住房公积金2024年年度报告',
} as const

/** 新公积金管〔2024〕2号 of 15 March 2024, as the annual report quotes it. */
const notice2024 = { ...published, effectiveOn: plainDate('2024-03-15') } as const

export const xinxiangValues: readonly PolicyRow[] = [
  ...assumedValues('xinxiang', plainDate('2024-01-01')),
  {
    ...published,
    key: 'maxOneContributorFen',
    effectiveOn: plainDate('2024-01-01'),
    value: '45000000',
    article: '六、（三）新乡3',
    reason: '年报载为2024年度标准，未载起始日，取年度首日',
  },
  {
    ...published,
    key: 'maxTwoContributorsFen',
    effectiveOn: plainDate('2024-01-01'),
    value: '65000000',
    article: '六、（三）新乡3',
    reason: '年报载为2024年度标准，未载起始日，取年度首日',
  },
  { ...notice2024, key: 'multiChildUpliftFenMax', value: '15000000', article: '六、（三）新乡4（1），引新公积金管〔2024〕2号第一项' },
  { ...notice2024, key: 'homeCounting', value: 'REGISTRY', article: '六、（三）新乡4（1），引新公积金管〔2024〕2号第二项第1项' },
  {
    ...notice2024,
    key: 'homeUsesUncounted',
    value: ['HOMESTEAD', 'COLLECTIVE'],
    article: '六、（三）新乡4（1），引新公积金管〔2024〕2号第二项第1项',
    reason: '农村宅基地住房、集体土地上的住房不纳入查询',
  },
  { ...notice2024, key: 'homesInPlaceMax', value: 1, article: '六、（三）新乡4（1），引新公积金管〔2024〕2号第二项第3项、第4项' },
  { ...notice2024, key: 'loansUsedMax', value: 1, article: '六、（三）新乡4（1），引新公积金管〔2024〕2号第二项第4项' },
  {
    ...notice2024,
    key: 'loansOutstandingMax',
    value: 0,
    article: '六、（三）新乡4（1），引新公积金管〔2024〕2号第二项第2项、第3项',
    reason: '首套、第二套均以无贷款记录或首次贷款已结清为条件',
  },
  {
    key: 'downPaymentSecondPercent',
    scope: 'xinxiang',
    effectiveOn: plainDate('2024-01-01'),
    value: '30',
    standing: 'ASSUMED',
    source: '各地通行做法',
    article: '第二套首付款比例（假定）',
    reason: '年报未载新乡第二套的首付比例；参照长垣公布的30%',
  },
  {
    key: 'reviewBody',
    scope: 'xinxiang',
    effectiveOn: plainDate('2024-01-01'),
    value: '新乡市人民政府',
    standing: 'PUBLISHED',
    source: '新乡（市）住房公积金2024年年度报告',
    article: '一、（二）',
    reason: '年报载中心隶属本级人民政府；以其为行政复议机关，依《行政复议法》第二十四条',
  },
  {
    key: 'lendingArea',
    scope: 'xinxiang',
    effectiveOn: plainDate('2024-01-01'),
    value: ['410700'],
    standing: 'ASSUMED',
    source: '新乡（市）住房公积金2024年年度报告',
    article: '贷款区域（假定）',
    reason: '年报未载贷款区域；按本中心管理的行政区域，长垣由长垣市中心办理',
  },
]
