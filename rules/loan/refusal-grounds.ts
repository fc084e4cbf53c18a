import type { PlainDate } from '#contracts/dates.ts'
import { fen, formatYuan } from '#contracts/money.ts'
import type { RecordedReason } from '#contracts/recorded-verdict.ts'
import { articleOn } from '../articles.ts'
import { obstacle, type Obstacle } from '../cases/obstacle.ts'
import { effectOf, isReasonCode, REASON_CODES } from '../reason-codes.ts'

/** One ground of a refusal as the letter prints it: the finding, its provision, the figures that were compared. */
export interface RefusalGround {
  readonly text: string
  readonly article: string
  readonly figures: readonly { readonly label: string; readonly value: string }[]
}

/** What a letter needs of a reason that a verdict keeps. */
export type Finding = Pick<RecordedReason, 'code' | 'text' | 'article' | 'figures'>

/** What the officer who refuses gives as ground: codes of the catalogue, and the words of the opinion. */
export interface ChosenGrounds {
  readonly reasonCodes: readonly string[]
  readonly opinion: string
  /** The day whose law the letter cites: that of acceptance, or of the letter where there is none. */
  readonly on: PlainDate
}

const REGULATION = '《住房公积金管理条例》第二十六条'

/**
 * 不予贷款、不予受理的理由. Everything that the rules refuse for, and everything that the officer gives, each once: where both name the same, the
 * finding of the rules stands with the officer's words after it. What nobody could find out is no ground, whoever was silent.
 */
export function refusalGrounds(found: readonly Finding[], { reasonCodes, opinion, on }: ChosenGrounds): readonly RefusalGround[] {
  const refusing = found.filter((one) => effectOf(one) === 'REFUSE')
  const [spoken, ...further] = reasonCodes
  const saidAt = refusing.findIndex(({ code }) => code === spoken)
  const ofRules = refusing.map((one, index) => ({
    text: index === saidAt && opinion !== '' ? `${one.text}；${opinion}` : one.text,
    article: one.article,
    figures: figuresOf(one),
  }))
  const known = new Set(refusing.map(({ code }) => code))
  const saysNothing = refusing.length > 0 && spoken === undefined && opinion === ''
  const own = saidAt >= 0 || saysNothing ? [] : [given(spoken, opinion, on)]
  const others = further.filter((code) => code !== spoken && !known.has(code)).map((code) => given(code, '', on))
  return [...ofRules, ...own, ...others]
}

/** Only what the catalogue knows, and may be refused for, can be given as ground: a silence or a note cannot. */
export const groundsMayRefuse = (reasonCodes: readonly string[]): readonly Obstacle[] =>
  reasonCodes
    .filter((code) => !isReasonCode(code) || REASON_CODES[code].effect !== 'REFUSE')
    .map((code) =>
      obstacle('RULES_REFUSE', `${isReasonCode(code) ? `“${REASON_CODES[code].label}”` : `代码${code}`}不能作为不予贷款的理由`),
    )

/** A ground by the catalogue's own words and article, with what the officer wrote. */
function given(code: string | undefined, opinion: string, on: PlainDate): RefusalGround {
  const known = code !== undefined && isReasonCode(code) ? code : undefined
  const text = [known && REASON_CODES[known].label, opinion].filter(Boolean).join('：')
  return { text: text || '不符合贷款条件', article: known ? articleOn(known, on) : REGULATION, figures: [] }
}

/** What each figure of a refusing reason is called in the letter, and its unit. Who it is about stands in the text already. */
const FIGURES: Readonly<Record<string, readonly [label: string, unit: string]>> = {
  ageYears: ['年龄', '周岁'],
  status: ['账户状态', ''],
  months: ['连续足额缴存', '个月'],
  monthsMin: ['规定最少', '个月'],
  homes: ['购房地已有住房', '套'],
  loansUsed: ['全国范围内已使用公积金贷款', '次'],
  loansOutstanding: ['未结清公积金贷款', '笔'],
  applications: ['其他在办申请', '件'],
  homeKind: ['住房类型', ''],
  accountKind: ['应划入', ''],
  overdueFen: ['当前逾期', ''],
  overdueMonths: ['最长连续逾期', '期'],
  overdueMonthsMax: ['规定上限', '期'],
  overdueTimes: ['近24个月累计逾期', '次'],
  overdueTimesMax: ['规定上限', '次'],
  banKind: ['限制事由', ''],
  decisionNumber: ['决定文号', ''],
  until: ['限制期末日', ''],
  paidFen: ['已付首付款', ''],
  priceFen: ['房屋总价', ''],
  percentMin: ['最低首付款比例', '%'],
  neededFen: ['应付首付款', ''],
  incomeFen: ['家庭月收入', ''],
  sharePercent: ['月还款额占收入的上限', '%'],
  otherDebtFen: ['其他债务每月应还', ''],
  limit: ['受限于', ''],
  limits: ['受限于', ''],
  amountFen: ['可贷金额', ''],
  minimumFen: ['最低贷款金额', ''],
  declared: ['申报', ''],
  registered: ['登记', ''],
  found: ['经核验为', ''],
}

/** A figure without a name here stands in the text only: a letter prints nothing that its reader cannot read. */
const figuresOf = ({ figures }: Finding): RefusalGround['figures'] =>
  Object.entries(figures).flatMap(([name, figure]) => {
    const named = FIGURES[name]
    return named ? [{ label: named[0], value: `${printed(name, figure)}${named[1]}` }] : []
  })

const printed = (name: string, figure: unknown): string =>
  name.endsWith('Fen') ? `${formatYuan(fen(BigInt(String(figure))))}元` : String(figure)
