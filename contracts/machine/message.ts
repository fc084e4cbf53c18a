import { z } from 'zod'
import { plainDateText } from '../dates.ts'

/** The houses outside with which the centre exchanges signed messages; each has one base address and one signing key. */
export const counterparts = ['registry', 'housing', 'credit', 'civil', 'cities', 'bank', 'guarantor', 'messages'] as const
export type Counterpart = (typeof counterparts)[number]

/** Chosen by the asker, once per question: the answer must name it again. */
export const requestIdText = z.string().regex(/^[A-Za-z0-9-]{8,64}$/, { error: '请求号须为 8 至 64 位字母、数字或连字符' })

/** An instant of the machine clock, UTC. Never used for a business date. */
export const instantText = z.iso.datetime({ error: '时刻须为 UTC 时间' })

export const shortText = z.string().min(1).max(200)

/**
 * The number on an identity document as another house keeps it. Shape only: a record with a wrong check digit is theirs,
 * and dropping it would hide a home or a loan.
 */
export const documentNumberText = z.string().regex(/^[0-9A-Za-z()-]{6,20}$/, { error: '证件号码格式不符' })

export const personRef = z.strictObject({ name: z.string().min(1).max(100), idNumber: documentNumberText })
export type PersonRef = z.output<typeof personRef>

/**
 * What every question begins with. `businessDate` is the centre's day, by which the other side books and dates;
 * `authorisationRef` names the paper that allows the question: a signed authorisation to query, or the payment order.
 */
export const head = {
  requestId: requestIdText,
  businessDate: plainDateText,
  authorisationRef: z.string().min(4).max(64),
} as const

export type Head = { readonly [Field in keyof typeof head]: z.output<(typeof head)[Field]> }

/** Where an answer comes from, when it was taken from the source's books (machine clock), and on whose authority. */
export const provenance = z.object({
  source: shortText,
  requestId: requestIdText,
  fetchedAt: instantText,
  authorisationRef: z.string().min(4).max(64),
})
export type Provenance = z.output<typeof provenance>

const answerEnvelope = z.object({ provenance, result: z.unknown() })

/** What every operation answers: the result never travels without its origin. */
export interface Answer<Result> {
  readonly provenance: Provenance
  readonly result: Result
}

/**
 * One thing that can be asked of a counterpart. All are POST with everything in the body, so that nothing personal stands in an address.
 * `path` follows the counterpart's base address. `concerns` says whether a result speaks about what was asked:
 * a well-formed answer about another person, home or amount is not an answer.
 */
export interface Operation<Question extends Head, Result> {
  readonly counterpart: Counterpart
  readonly path: `/${string}`
  readonly request: z.ZodType<Question>
  readonly result: z.ZodType<Result>
  readonly concerns: (question: Question, result: Result) => boolean
}

export type QuestionOf<O> = O extends { readonly request: z.ZodType<infer Question> } ? Question : never
export type ResultOf<O> = O extends { readonly result: z.ZodType<infer Result> } ? Result : never

/** Gives an operation its types; adds nothing. */
export const operation = <Question extends Head, Result>(definition: Operation<Question, Result>): Operation<Question, Result> => definition

/** Why an answer is none: not of the agreed shape, to another question, or about something else. */
export type AnswerFlaw = 'SHAPE' | 'OTHER_QUESTION' | 'OTHER_SUBJECT'

/** Reads a counterpart's answer as what was asked, or says why it cannot be read so. */
export function readAnswer<Question extends Head, Result>(
  asked: Operation<Question, Result>,
  question: Question,
  json: unknown,
): Answer<Result> | AnswerFlaw {
  const envelope = answerEnvelope.safeParse(json)
  const result = asked.result.safeParse(envelope.data?.result)
  if (!envelope.success || !result.success) return 'SHAPE'
  const { requestId, authorisationRef } = envelope.data.provenance
  if (requestId !== question.requestId || authorisationRef !== question.authorisationRef) return 'OTHER_QUESTION'
  if (!asked.concerns(question, result.data)) return 'OTHER_SUBJECT'
  return { provenance: envelope.data.provenance, result: result.data }
}

/** Why a counterpart would not answer. A word, never a sentence: what stands in an error text ends in logs. */
export const refusalCode = z.enum(['SIGNATURE', 'BAD_REQUEST', 'UNKNOWN_OPERATION', 'KEY_REUSED', 'UNAVAILABLE'])
export type RefusalCode = z.output<typeof refusalCode>
const refusalBody = z.object({ refused: refusalCode })

/** The agreed word in the body of a refusal, or undefined. */
export const refusalIn = (json: unknown): RefusalCode | undefined => refusalBody.safeParse(json).data?.refused

/** A message as JSON text: whole fen travel as decimal text. */
export const wireText = (message: unknown): string =>
  JSON.stringify(message, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))

/** Whether an answer is about exactly those who were asked about, in whatever order. */
export const sameSet = (asked: readonly string[], answered: readonly string[]): boolean =>
  new Set(asked).size === new Set(answered).size && asked.every((one) => answered.includes(one))
