import { plainDate, type PlainDate } from '#contracts/dates.ts'
import { REASON_CODES, type ReasonCode } from './reason-codes.ts'

/** State Council Order 844, the third revision of the Regulation: in force from this day. A case follows the text in force on its acceptance. */
const REVISED_ON = plainDate('2026-09-20')

interface DatedArticle {
  readonly from: PlainDate
  /** What a letter cited before that day. */
  readonly before: string
}

/**
 * Reasons whose article is not as old as the matter. The ban for fraud is new in the revised Regulation (第四十一条); before it no national
 * text had one, and what binds is the decision that imposed the ban, under the rules of its own time and place.
 */
const DATED: Partial<Readonly<Record<ReasonCode, DatedArticle>>> = {
  UNDER_BAN: { from: REVISED_ON, before: '作出限制的生效决定' },
}

/** The article that a reason of the catalogue rests on, on a day. */
export function articleOn(code: ReasonCode, date: PlainDate): string {
  const dated = DATED[code]
  return dated && date < dated.from ? dated.before : REASON_CODES[code].article
}
