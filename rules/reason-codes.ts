import { formatYuan, type Fen } from '#contracts/money.ts'
import type { Figure, Override, Reason } from '#contracts/verdict.ts'
import type { PolicyValue } from '#policy/policy-at.ts'

/** What a reason does to a case: refuses it, leaves it to a person, holds the release of money, or only asks to be looked at. */
export type Effect = 'REFUSE' | 'MANUAL' | 'RELEASE' | 'NOTE'

interface ReasonKind {
  readonly label: string
  readonly effect: Effect
  readonly override: Override
  /** Printed where no parameter of the policy is the basis. */
  readonly article: string
  /** Figures in braces; those whose name ends in `Fen` are printed in yuan. */
  readonly text: string
}

const refusal = (label: string, override: Override, article: string) => ({ label, effect: 'REFUSE', override, article }) as const
const open = (label: string, article: string) => ({ label, effect: 'MANUAL', override: 'NEVER', article }) as const
const hold = (label: string, article: string) => ({ label, effect: 'RELEASE', override: 'NEVER', article }) as const
const note = (label: string, article: string) => ({ label, effect: 'NOTE', override: 'NEVER', article }) as const

const REGULATION = '《住房公积金管理条例》'

/** Every reason the rules can give. Special approval (特审) alone lifts one; where it says never (law, holds, bans), nobody does. */
export const REASON_CODES = {
  NOT_ADULT: { ...refusal('未成年', 'NEVER', '《民法典》第十七条、第十八条'), text: '{who}{ageYears}周岁，未满18周岁' },
  IDENTITY_MISMATCH: { ...refusal('身份信息不一致', 'NEVER', `${REGULATION}第二十六条`), text: '{who}的身份信息与公安登记不一致' },
  PERSON_DECEASED: { ...refusal('已死亡', 'NEVER', '《民法典》第十三条'), text: '{who}已登记死亡' },
  CONTRIBUTION_NOT_NORMAL: {
    ...refusal('未正常缴存', 'SPECIAL_APPROVAL', `${REGULATION}第二十六条`),
    text: '{who}的公积金账户状态为{status}，不是正常缴存',
  },
  CONTRIBUTION_SHORT: {
    ...refusal('缴存时间不足', 'SPECIAL_APPROVAL', `${REGULATION}第二十六条`),
    text: '{who}连续足额缴存{months}个月，不足{monthsMin}个月',
  },
  FAMILY_NOT_AS_DECLARED: {
    ...refusal('婚姻状况与申报不符', 'NEVER', '婚姻与家庭认定'),
    text: '申报{declared}，经核验为{found}；须更正申请后重新审核',
  },
  HOME_THIRD: {
    ...refusal('第三套及以上住房', 'NEVER', '住房套数认定'),
    text: '家庭在购房地已有{homes}套住房，不向第三套及以上住房发放贷款',
  },
  LOANS_USED_UP: {
    ...refusal('已使用两次及以上公积金贷款', 'NEVER', '贷款次数认定'),
    text: '家庭在全国范围内已使用{loansUsed}次住房公积金贷款',
  },
  LOAN_OUTSTANDING: {
    ...refusal('有未结清公积金贷款', 'NEVER', '贷款次数认定'),
    text: '家庭在全国范围内有{loansOutstanding}笔未结清的住房公积金贷款',
  },
  NOT_OWN_OCCUPIED: { ...refusal('非自住住房', 'NEVER', `${REGULATION}第二十六条`), text: '所购住房不用于自住' },
  HOME_OUTSIDE_AREA: {
    ...refusal('住房不在贷款区域', 'SPECIAL_APPROVAL', `${REGULATION}第二十六条`),
    text: '所购住房不在本中心准予贷款的行政区域内',
  },
  HOME_SEIZED: { ...refusal('住房被查封', 'NEVER', '《民法典》第三百九十九条'), text: '所购住房存在查封，不得抵押' },
  PROJECT_SUSPENDED: { ...refusal('楼盘暂停受理', 'SPECIAL_APPROVAL', '楼盘准入管理'), text: '所购住房的楼盘已暂停受理或停工' },
  FILING_NOT_FOUND: { ...refusal('查无网签备案', 'NEVER', '购房合同网签备案'), text: '登记机构查无该购房合同的网签备案' },
  FILING_INVALID: { ...refusal('网签备案无效', 'NEVER', '购房合同网签备案'), text: '该购房合同的网签备案已注销或失效' },
  FILING_OTHER_HOME: { ...refusal('备案不动产不符', 'NEVER', '购房合同网签备案'), text: '网签备案的不动产单元不是所申请的住房' },
  FILING_OTHER_BUYER: {
    ...refusal('备案买受人不符', 'NEVER', '购房合同网签备案'),
    text: '网签备案的买受人不是借款人家庭，或者另有未共同借款的买受人',
  },
  DUPLICATE_APPLICATION: {
    ...refusal('重复申请', 'NEVER', '同一家庭、同一住房只受理一件'),
    text: '同一家庭或同一住房另有{applications}件在办贷款申请',
  },
  RECEIVING_ACCOUNT_WRONG: { ...refusal('收款账户不符', 'NEVER', '商品房预售资金监管'), text: '{homeKind}的贷款只能划入{accountKind}' },
  CREDIT_OVERDUE_NOW: { ...refusal('当前逾期', 'SPECIAL_APPROVAL', '信用状况'), text: '{who}征信显示当前逾期{overdueFen}' },
  CREDIT_OVERDUE_RUN: {
    ...refusal('连续逾期', 'SPECIAL_APPROVAL', '信用状况'),
    text: '{who}征信显示最长连续逾期{overdueMonths}期，超过{overdueMonthsMax}期',
  },
  CREDIT_OVERDUE_TIMES: {
    ...refusal('累计逾期', 'SPECIAL_APPROVAL', '信用状况'),
    text: '{who}征信显示近24个月累计逾期{overdueTimes}次，超过{overdueTimesMax}次',
  },
  DISHONEST_DEBTOR: {
    ...refusal('失信被执行人', 'NEVER', '《最高人民法院关于公布失信被执行人名单信息的若干规定》第八条'),
    text: '{who}被列入失信被执行人名单',
  },
  UNDER_BAN: {
    ...refusal('骗提骗贷限制期内', 'NEVER', `${REGULATION}第四十一条`),
    text: '{who}因{banKind}（{decisionNumber}）在{until}前（含当日）不得申请贷款',
  },
  ACCOUNT_RESTRICTED: { ...refusal('账户受限', 'NEVER', '账户管理规定'), text: '{who}的账户当前受限，暂不能办理' },
  DOWN_PAYMENT_SHORT: {
    ...refusal('首付款不足', 'SPECIAL_APPROVAL', '首付款比例'),
    text: '已付首付款{paidFen}，不足房屋总价{priceFen}的{percentMin}%（{neededFen}）',
  },
  INCOME_INSUFFICIENT: {
    ...refusal('收入不足', 'SPECIAL_APPROVAL', '还款能力'),
    text: '家庭月收入{incomeFen}的{sharePercent}%不足以负担其他债务每月{otherDebtFen}',
  },
  NO_TERM_LEFT: { ...refusal('无可贷期限', 'SPECIAL_APPROVAL', '贷款期限'), text: '按{limit}已没有可贷的期限' },
  AMOUNT_BELOW_MINIMUM: {
    ...refusal('可贷金额过低', 'SPECIAL_APPROVAL', '最低贷款金额'),
    text: '可贷金额{amountFen}低于最低贷款金额{minimumFen}，受限于{limits}',
  },

  SOURCE_UNAVAILABLE: { ...open('数据未能取得', '联网核验'), text: '{what}：向{source}查询未果（{cause}），须人工核验' },
  FAMILY_CONTRADICTED: { ...open('婚姻登记与申报不一致', '婚姻与家庭认定'), text: '申报{declared}，婚姻登记为{found}，须人工核验' },
  HOUSING_DEPARTMENT_NOT_ASKED: { ...open('未查询住房保障部门', '住房套数认定'), text: '本中心须同时查询住房保障部门，尚无查询结果' },
  COEFFICIENT_NOT_PUBLISHED: {
    ...open('时间系数未公布', '余额公式'),
    text: '{who}缴存{months}个月，公布的时间系数自{monthsMin}个月起，须人工核定',
  },

  FAMILY_CHANGED: { ...hold('家庭成员变化', '婚姻状况以受理时为准，放款前复核'), text: '受理时{before}，现为{after}' },
  CEILING_LOWERED: { ...hold('可贷额度降低', '放款前复核'), text: '批准{approvedFen}，按最新数据可贷{amountFen}，受限于{limits}' },
  TERM_LOWERED: { ...hold('可贷期限缩短', '放款前复核'), text: '批准{approvedMonths}个月，按最新数据可贷{months}个月' },
  HOME_ORDER_CHANGED: { ...hold('住房套数变化', '放款前复核'), text: '批准时为{before}住房，现为{after}住房' },
  MORTGAGE_NOT_REGISTERED: { ...hold('查无抵押登记', '《民法典》第四百零二条'), text: '登记机构查无所登记证明号的抵押登记' },
  MORTGAGE_CANCELLED: { ...hold('抵押登记已注销', '《民法典》第四百零二条'), text: '登记机构答复该抵押登记已注销' },
  MORTGAGE_OTHER_HOME: { ...hold('抵押物不符', '《民法典》第四百零二条'), text: '登记证明上的不动产不是所购住房' },
  MORTGAGE_OTHER_HOLDER: { ...hold('抵押权人不符', '《民法典》第四百零二条'), text: '登记证明上的抵押权人不是本中心' },
  MORTGAGE_AMOUNT_DIFFERS: {
    ...hold('抵押担保金额不符', '《民法典》第四百零二条'),
    text: '登记的担保金额{registeredFen}，批准的贷款金额{approvedFen}',
  },
  HOME_STILL_MORTGAGED: {
    ...hold('住房另有抵押', '《民法典》第四百一十四条'),
    text: '所购住房另有他人抵押登记{mortgages}宗，尚未注销',
  },
  GUARANTEE_DOUBTED: { ...hold('阶段性保证不符', '《民法典》第六百八十五条'), text: '担保公司的答复与合同不符：{answer}' },
  RATE_CHANGED: { ...hold('利率调整', '贷款利率以放款日执行的利率为准'), text: '批准时年利率{before}%，放款日执行{after}%' },
  CONTRACT_RATE_DIFFERS: {
    ...hold('合同利率不符', '《民法典》第五百四十三条'),
    text: '合同写明年利率{printed}%，放款日执行{after}%，须与借款人重新签订',
  },

  HOME_MORTGAGED: {
    ...note('住房已设抵押', '《民法典》第四百零六条'),
    text: '所购住房另有他人抵押登记{mortgages}宗，放款前须注销',
  },
  PRICE_DIFFERS: {
    ...note('合同与备案价格不一致', '以较低者为准'),
    text: '合同总价{contractPriceFen}，备案总价{filingPriceFen}，按较低的{countedFen}计算',
  },
  PAID_OVER_PRICE: {
    ...note('首付与贷款之和超过房价', '购房款支付'),
    text: '已付首付款{paidFen}与贷款{amountFen}之和超过房屋总价{priceFen}，请核实应付余款',
  },
  AMOUNT_LIMITED: { ...note('低于申请金额', '贷款额度'), text: '申请{appliedFen}，可贷{amountFen}，受限于{limits}' },
  TERM_LIMITED: { ...note('短于申请期限', '贷款期限'), text: '申请{appliedMonths}个月，可贷{months}个月，受限于{limit}' },
  FLEXIBLE_MEMBER: { ...note('灵活就业缴存人', '加强审核'), text: '{who}为灵活就业缴存人，请加强收入与缴存真实性审核' },
  CROSS_CITY_MEMBER: { ...note('异地缴存', '异地贷款单独统计'), text: '{who}在异地缴存，按异地贷款统计' },
  INCOME_ABOVE_BASE: {
    ...note('收入高于缴存基数', '收入核实'),
    text: '{who}申报月收入{incomeFen}高于缴存基数{baseFen}，按缴存基数计算，请核实收入证明',
  },
  VERIFIED_BY_HAND: { ...note('经人工核验', '联网核验'), text: '{what}未能联网取得，经人工核验（凭：{reference}）' },
  CREDIT_ASKED_LATER: {
    ...note('未查询征信', '《征信业管理条例》第十八条'),
    text: '预审不向{source}查询征信和失信记录，受理后凭征信查询授权书查询；本结论未计入',
  },
  MINOR_ON_WAGES: {
    ...note('未满十八周岁', '《民法典》第十八条第二款'),
    text: '{who}{ageYears}周岁，有缴存和工资收入，请核实以自己的劳动收入为主要生活来源',
  },
  TALENT_TERMS: { ...note('适用高层次人才条件', '人才贷款'), text: '{who}为第{talentClass}类高层次人才，按人才条件办理' },
} as const satisfies Record<string, ReasonKind>

export type ReasonCode = keyof typeof REASON_CODES
type Placeholder<T extends string> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never

/** Exactly the figures that the reason's text prints: the compiler counts them. */
export type FiguresOf<C extends ReasonCode> = {
  readonly [K in Placeholder<(typeof REASON_CODES)[C]['text']>]: K extends `${string}Fen` ? Fen : Exclude<Figure, Fen>
}

/** A reason with its text. The parameters it rests on, if any, give the article and tell whether it is published or assumed. */
export function reason<C extends ReasonCode>(code: C, figures: FiguresOf<C>, ...basis: readonly PolicyValue<unknown>[]): Reason {
  const { text, override, article } = REASON_CODES[code]
  return {
    code,
    article: basis.length === 0 ? article : basis.map(citation).join('；'),
    figures,
    text: fill(text, figures),
    override,
    standing: standingOf(basis),
  }
}

/** Where a value stands, as it is printed: the document and the place in it, or what was assumed. */
export const citation = ({ standing, source, article }: PolicyValue<unknown>): string =>
  standing === 'PUBLISHED' ? `《${source}》${article}` : article

/** A verdict rests on what is assumed as soon as one of its values does. */
export const standingOf = (basis: readonly PolicyValue<unknown>[]): Reason['standing'] =>
  basis.some(({ standing }) => standing === 'ASSUMED') ? 'ASSUMED' : 'PUBLISHED'

/** Whether the house knows this code; one of an old verdict, or of a request, it may not. */
export const isReasonCode = (text: string): text is ReasonCode => Object.hasOwn(REASON_CODES, text)

/** What a reason does to a case. A code that the house does not know any more refuses: what is not understood is never waved through. */
export const effectOf = ({ code }: Pick<Reason, 'code'>): Effect => (isReasonCode(code) ? REASON_CODES[code].effect : 'REFUSE')

/** Whether this is a refusal that special approval may lift. An open question is answered, not lifted. */
export const mayBeLifted = (code: string): boolean =>
  isReasonCode(code) && REASON_CODES[code].effect === 'REFUSE' && REASON_CODES[code].override === 'SPECIAL_APPROVAL'

const fill = (text: string, figures: Readonly<Record<string, Figure>>): string =>
  text.replace(/\{(\w+)\}/g, (_whole, name: string) => printed(figures[name]))

const printed = (figure: Figure | undefined): string => (typeof figure === 'bigint' ? `${formatYuan(figure)}元` : String(figure))
