import type { Post } from '#contracts/posts.ts'
import type { Relation } from '#contracts/staff-change.ts'
import { MAIN_BRANCH } from './orgs.ts'

/** A person of a story: name, sex, birth, and (for a contributor) base in yuan, months remitted and opening balance in yuan. */
export interface StoryPerson {
  readonly name: string
  readonly sex: 'MALE' | 'FEMALE'
  readonly bornOn: string
  readonly baseYuan: number
  /** Zero: has never contributed, and `baseYuan` is just an income. */
  readonly monthsPaid: number
  readonly openingYuan: number
}

/** Somebody who can walk up to the counter on the first day, and what will come of it. */
export interface Story {
  readonly key: string
  readonly tells: string
  readonly expected: 'approved' | 'refused' | 'manual'
  /** Reason or note codes that the verdict must show. */
  readonly shows: readonly string[]
  readonly branchId: string
  readonly borrower: StoryPerson
  readonly spouse?: StoryPerson
  readonly children?: readonly { readonly name: string; readonly sex: 'MALE' | 'FEMALE'; readonly bornOn: string }[]
  readonly kind?: 'RESALE'
  readonly priceYuan: number
  readonly filedYuan?: number
  readonly amountYuan: number
  readonly months: number
  readonly homesInPlace?: number
  readonly earlierLoans?: readonly { readonly grantedOn: string; readonly amountYuan: number; readonly settledOn: string | null }[]
  readonly twist?: 'SILENT' | 'DISHONEST' | 'HOLD' | 'BAN' | 'SEIZED'
  /** A member of staff at the branch or its centre whose relative the borrower is. */
  readonly relativeOf?: { readonly post: Post; readonly relation: Relation }
}

const man = (name: string, bornOn: string, baseYuan: number, openingYuan = 40_000, monthsPaid = 14): StoryPerson => ({
  name,
  sex: 'MALE',
  bornOn,
  baseYuan,
  openingYuan,
  monthsPaid,
})
const woman = (name: string, bornOn: string, baseYuan: number, openingYuan = 40_000, monthsPaid = 14): StoryPerson => ({
  name,
  sex: 'FEMALE',
  bornOn,
  baseYuan,
  openingYuan,
  monthsPaid,
})
const here = { branchId: MAIN_BRANCH, months: 240, amountYuan: 400_000, priceYuan: 800_000 } as const

/** Invented people for the counter: none of them has a case yet. The README of this folder lists them with their numbers. */
export const stories: readonly Story[] = [
  {
    ...here,
    key: 'approved-couple',
    tells: '双缴存职工，首套，各项条件齐备',
    expected: 'approved',
    shows: [],
    borrower: man('沈知远', '1990-05-18', 9_600, 82_000),
    spouse: woman('林清越', '1992-08-09', 8_200, 61_000),
    children: [{ name: '沈书言', sex: 'FEMALE', bornOn: '2019-03-12' }],
    priceYuan: 980_000,
    amountYuan: 480_000,
    months: 300,
  },
  {
    ...here,
    key: 'approved-single',
    tells: '单身缴存职工，首套',
    expected: 'approved',
    shows: [],
    borrower: man('周景行', '1995-11-02', 8_800),
    priceYuan: 760_000,
  },
  {
    ...here,
    key: 'approved-many-children',
    tells: '多子女家庭，额度上浮；金额超过五十万元，须分管领导审批',
    expected: 'approved',
    shows: [],
    borrower: man('唐浩然', '1986-02-25', 13_200, 150_000),
    spouse: woman('许嘉琪', '1988-07-30', 11_400, 120_000),
    children: [
      { name: '唐一禾', sex: 'MALE', bornOn: '2012-09-01' },
      { name: '唐二禾', sex: 'FEMALE', bornOn: '2015-06-17' },
      { name: '唐三禾', sex: 'FEMALE', bornOn: '2020-12-05' },
    ],
    priceYuan: 1_300_000,
    amountYuan: 780_000,
    months: 300,
  },
  {
    ...here,
    key: 'approved-second-home',
    tells: '已有一套住房，按第二套执行利率和首付',
    expected: 'approved',
    shows: [],
    borrower: woman('何雅宁', '1987-04-21', 10_500, 95_000),
    priceYuan: 900_000,
    amountYuan: 350_000,
    homesInPlace: 1,
  },
  {
    ...here,
    key: 'approved-changyuan',
    tells: '长垣：登记机构与住房保障部门均查无住房，首套',
    expected: 'approved',
    shows: [],
    branchId: 'branch-weize',
    borrower: woman('苏若溪', '1993-01-15', 7_900),
    priceYuan: 620_000,
    amountYuan: 320_000,
  },
  {
    ...here,
    key: 'refused-two-loans',
    tells: '全国已使用两次公积金贷款',
    expected: 'refused',
    shows: ['LOANS_USED_UP'],
    borrower: man('冯泽铭', '1980-10-08', 11_000, 130_000),
    earlierLoans: [
      { grantedOn: '2009-05-11', amountYuan: 180_000, settledOn: '2014-08-20' },
      { grantedOn: '2015-03-02', amountYuan: 320_000, settledOn: '2023-11-29' },
    ],
  },
  {
    ...here,
    key: 'refused-outstanding',
    tells: '已使用两次，其中一笔在外地未结清',
    expected: 'refused',
    shows: ['LOANS_USED_UP', 'LOAN_OUTSTANDING'],
    borrower: woman('邓雅婷', '1984-03-19', 9_900, 88_000),
    earlierLoans: [
      { grantedOn: '2011-06-15', amountYuan: 220_000, settledOn: '2019-02-28' },
      { grantedOn: '2020-09-10', amountYuan: 350_000, settledOn: null },
    ],
  },
  {
    ...here,
    key: 'refused-new-contributor',
    tells: '只连续缴存四个月',
    expected: 'refused',
    shows: ['CONTRIBUTION_SHORT'],
    borrower: man('袁俊哲', '1998-08-27', 8_100, 0, 4),
  },
  {
    ...here,
    key: 'refused-one-month-short',
    tells: '只连续缴存五个月，可提请特审',
    expected: 'refused',
    shows: ['CONTRIBUTION_SHORT'],
    borrower: woman('戴欣怡', '1999-05-06', 7_600, 0, 5),
  },
  {
    ...here,
    key: 'refused-dishonest',
    tells: '失信被执行人',
    expected: 'refused',
    shows: ['DISHONEST_DEBTOR'],
    borrower: man('蒋永成', '1982-12-30', 9_300),
    twist: 'DISHONEST',
  },
  {
    ...here,
    key: 'refused-restricted',
    tells: '账户受限（不说明原因）',
    expected: 'refused',
    shows: ['ACCOUNT_RESTRICTED'],
    borrower: woman('叶诗瑶', '1989-09-14', 9_000, 70_000),
    twist: 'HOLD',
  },
  {
    ...here,
    key: 'refused-ban',
    tells: '骗提限制期内',
    expected: 'refused',
    shows: ['UNDER_BAN'],
    borrower: man('高振宇', '1991-07-07', 8_700),
    twist: 'BAN',
  },
  {
    ...here,
    key: 'refused-seized',
    tells: '二手房存在查封',
    expected: 'refused',
    shows: ['HOME_SEIZED'],
    borrower: woman('魏雨佳', '1990-02-11', 9_100),
    kind: 'RESALE',
    twist: 'SEIZED',
  },
  {
    ...here,
    key: 'manual-credit-silent',
    tells: '征信不应答，转人工核验',
    expected: 'manual',
    shows: ['SOURCE_UNAVAILABLE'],
    borrower: woman('夏思雨', '1994-06-03', 8_900),
    twist: 'SILENT',
  },
  {
    ...here,
    key: 'manual-credit-silent-2',
    tells: '征信不应答，转人工核验',
    expected: 'manual',
    shows: ['SOURCE_UNAVAILABLE'],
    borrower: man('汤立群', '1988-01-26', 9_700),
    twist: 'SILENT',
  },
  {
    ...here,
    key: 'approved-price-differs',
    tells: '合同价与备案价不一致，以较低者为准，提示核实',
    expected: 'approved',
    shows: ['PRICE_DIFFERS'],
    borrower: man('郝文博', '1989-10-20', 10_200),
    priceYuan: 900_000,
    filedYuan: 780_000,
    amountYuan: 380_000,
  },
  {
    ...here,
    key: 'approved-price-limits',
    tells: '备案价低，可贷额度随之降低',
    expected: 'approved',
    shows: ['PRICE_DIFFERS', 'AMOUNT_LIMITED'],
    borrower: woman('龚晨曦', '1992-11-11', 10_800),
    priceYuan: 700_000,
    filedYuan: 500_000,
    amountYuan: 450_000,
  },
  {
    ...here,
    key: 'approved-capacity-limits',
    tells: '收入不高，额度受还款能力限制',
    expected: 'approved',
    shows: ['AMOUNT_LIMITED'],
    borrower: man('乔天佑', '1996-04-04', 2_800),
    amountYuan: 420_000,
  },
  {
    ...here,
    key: 'recusal-preliminary',
    tells: '借款人是初审人员的配偶，该初审人员应回避',
    expected: 'approved',
    shows: [],
    borrower: woman('侯静宜', '1990-12-01', 8_600),
    relativeOf: { post: 'PRELIMINARY_REVIEWER', relation: 'SPOUSE' },
  },
  {
    ...here,
    key: 'recusal-approver',
    tells: '借款人是审批人员的子女，该审批人员应回避',
    expected: 'approved',
    shows: [],
    borrower: man('段立成', '1999-09-09', 8_300),
    relativeOf: { post: 'APPROVER', relation: 'CHILD' },
  },
]
