import type { Tone } from '../common/Tag.tsx'
import type { Verdict } from './case-text.ts'

export type Reason = Verdict['reasons'][number]

export interface ReasonLook {
  readonly word: string
  readonly tone: Tone
  readonly colour: 'error' | 'warning' | 'info'
}

/** The gravest first. */
const LOOKS = {
  never: { word: '不可特审', tone: 'bad', colour: 'error' },
  special: { word: '可特审', tone: 'warn', colour: 'warning' },
  held: { word: '暂缓放款', tone: 'bad', colour: 'error' },
  open: { word: '待核验', tone: 'warn', colour: 'warning' },
  note: { word: '提示', tone: 'info', colour: 'info' },
} as const satisfies Record<string, ReasonLook>
const GRAVITY = Object.keys(LOOKS)

/** What a reason does to the case is the server's word; who may lift a refusal makes two of one. */
const kindOf = ({ effect, override }: Pick<Reason, 'effect' | 'override'>): keyof typeof LOOKS =>
  effect === 'REFUSE' ? (override === 'NEVER' ? 'never' : 'special') : ({ RELEASE: 'held', MANUAL: 'open', NOTE: 'note' } as const)[effect]

export const lookOf = (reason: Pick<Reason, 'effect' | 'override'>): ReasonLook => LOOKS[kindOf(reason)]

/** The gravest first; reasons of one gravity stay in the order in which the rules gave them. */
export const byGravity = <R extends Pick<Reason, 'effect' | 'override'>>(reasons: readonly R[]): R[] =>
  [...reasons].sort((a, b) => GRAVITY.indexOf(kindOf(a)) - GRAVITY.indexOf(kindOf(b)))
