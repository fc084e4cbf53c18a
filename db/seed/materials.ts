import { readFileSync } from 'node:fs'
import type { Insertable } from 'kysely'
import { LOAN_MATERIALS, materialLabel, type LoanMaterial } from '#rules/loan/materials.ts'
import { sha256Hex } from '../canonical.ts'
import type { DocumentContentTable, DocumentTable, Instant } from '../tables.ts'
import type { Fact } from './audit-chain.ts'
import type { Lack } from './lacks.ts'
import type { Random } from './random.ts'
import { common, type SeededCase } from './seeded-case.ts'
import { workingDayBefore } from './walk.ts'

/** One specimen for each line of the checklist, the same in every case: kept once, by its digest. */
const SPECIMENS = {
  IDENTITY: 'identity.png',
  MARRIAGE: 'marriage.png',
  CONTRACT: 'contract.pdf',
  DOWN_PAYMENT: 'down-payment.png',
  INCOME: 'income.pdf',
  CREDIT_AUTHORISATION: 'credit-authorisation.pdf',
  REPAYMENT_CARD: 'repayment-card.png',
} as const satisfies Partial<Record<LoanMaterial, string>>

const FOLDER = new URL('../../assets/specimens/', import.meta.url)
const MEDIA_TYPES = { png: 'image/png', pdf: 'application/pdf' } as const

export interface Specimen {
  readonly content: Buffer
  readonly sha256: string
  readonly mediaType: string
  readonly extension: string
}

export type Specimens = ReadonlyMap<LoanMaterial, Specimen>

/** @throws Error when a file is not the one whose digest is recorded beside it */
export function readSpecimens(): Specimens {
  const sums = readFileSync(new URL('SHA256SUMS', FOLDER), 'utf8').split('\n')
  return new Map(
    Object.entries(SPECIMENS).map(([material, name]) => {
      const content = readFileSync(new URL(name, FOLDER))
      const sha256 = sha256Hex(content)
      if (!sums.includes(`${sha256}  ${name}`)) throw new Error(`specimen ${name} is not the recorded one`)
      const extension = name.endsWith('.pdf') ? 'pdf' : 'png'
      return [material as LoanMaterial, { content, sha256, mediaType: MEDIA_TYPES[extension], extension }]
    }),
  )
}

/** The rows of the specimen papers that stand for what applicants have brought, each once. */
export const specimenRows = (specimens: Specimens): Insertable<DocumentContentTable>[] =>
  [...specimens.values()].map(({ content, sha256 }) => ({ sha256, content }))

/** What the applicant had with them on the first day, in the order of the checklist. */
export function handedIn(kase: SeededCase): LoanMaterial[] {
  const absent = askedFor(kase)?.lacks.filter(({ state }) => state === 'ABSENT') ?? []
  return (Object.keys(SPECIMENS) as LoanMaterial[]).filter((code) => !absent.some(({ material }) => material === code))
}

/** A case's materials, and what its audit chain says of their coming in and being looked at. */
export interface Materials {
  readonly document: Insertable<DocumentTable>[]
  readonly facts: Fact[]
}

/**
 * The checklist as far as the case has come: handed in on the day of the application, looked at by whoever accepted it. What a notice or a
 * return asks for is missing, or stands there as what it is; once it has been answered the new one lies beside it.
 */
export function materialsOf(kase: SeededCase, specimens: Specimens, random: Random): Materials {
  const asked = askedFor(kase)
  const lackOf = (code: LoanMaterial): Lack | undefined => asked?.lacks.find(({ material }) => material === code)
  const looked = lookedAt(kase, random)
  const first = handedIn(kase).flatMap((code, index): Given[] => {
    const specimen = specimens.get(code)
    const lack = lackOf(code)
    const found = lack && asked && lack.state !== 'ABSENT' ? { state: lack.state, by: asked.by, at: asked.at, remark: lack.reason } : null
    const verified = looked && index < looked.count ? ({ state: 'VERIFIED', by: looked.by, at: looked.at, remark: null } as const) : null
    const at = minutesAfter(kase.created.at, index + 1)
    return specimen ? [{ code, specimen, at, by: kase.createdBy.staffId, check: found ?? verified }] : []
  })
  const given = [...first, ...answers(asked, specimens)]
  const rows = given.map((one) => ({ one, id: random.uuid() }))
  return {
    document: rows.map(({ one, id }) => documentRow(kase, one, id)),
    facts: rows.flatMap(({ one, id }) => factsOf(one, id)),
  }
}

interface Checked {
  readonly state: 'VERIFIED' | 'MISSING' | 'MISMATCH'
  readonly by: string
  readonly at: Instant
  readonly remark: string | null
}

interface Given {
  readonly code: LoanMaterial
  readonly specimen: Specimen
  readonly at: Instant
  readonly by: string
  readonly check: Checked | null
}

/** What came in answer, looked at before the clerk said so. */
const answers = (asked: ReturnType<typeof askedFor>, specimens: Specimens): Given[] =>
  (asked?.answered ? asked.lacks : []).flatMap(({ material: code }): Given[] => {
    const specimen = specimens.get(code)
    if (!specimen || !asked?.answered) return []
    const { by, at } = asked.answered
    return [{ code, specimen, at: minutesAfter(at, -15), by, check: { state: 'VERIFIED', by, at: minutesAfter(at, -4), remark: null } }]
  })

/** What was asked for on the way, by whom, and who took the answer in. */
function askedFor({ walked, lacks }: SeededCase) {
  const acts = walked.decisions.flatMap((one) => (one.actor_id ? [{ action: one.action, by: one.actor_id, at: one.decided_at }] : []))
  const notice = acts.find(({ action }) => action === 'supplement' || action === 'request-correction')
  const back = walked.decisions.find((one) => one.action === 'return' && one.to_stage === 'RETURNED')
  const ask = notice ?? acts.find(({ at }) => at === back?.decided_at)
  if (!ask) return undefined
  const answered = acts.find(({ action, at }) => at > ask.at && (action === 'receive' || action === 'resubmit'))
  return { ...ask, lacks: notice ? lacks.notice.map((lack) => asFound(lack, notice.action)) : [lacks.returned], answered }
}

/** What has been accepted was there: a material that a review asks for anew is one that was not what it should be. */
const asFound = (lack: Lack, action: string): Lack =>
  action === 'supplement' && lack.state === 'ABSENT' ? { ...lack, state: 'MISMATCH' } : lack

/** Who has looked at how many: all when the case was accepted; before that the clerk has begun, unless it came in only yesterday. */
function lookedAt(kase: SeededCase, random: Random): { by: string; at: Instant; count: number } | undefined {
  const first = kase.walked.decisions[0]
  const begun = random.int(2, 5)
  if (first?.actor_id) return { by: first.actor_id, at: minutesAfter(first.decided_at, -5), count: LOAN_MATERIALS.length }
  const fresh = kase.created.on >= workingDayBefore(kase.today, 1, kase.calendar)
  return fresh ? undefined : { by: kase.createdBy.staffId, at: minutesAfter(kase.created.at, 12), count: begun }
}

function documentRow(kase: SeededCase, { code, specimen, at, by, check }: Given, id: string): Insertable<DocumentTable> {
  return {
    ...common(kase),
    document_id: id,
    material: code,
    name: `${materialLabel(code)}（样本）.${specimen.extension}`,
    media_type: specimen.mediaType,
    size_bytes: specimen.content.length,
    sha256: specimen.sha256,
    uploaded_by: by,
    uploaded_at: at,
    check_state: check?.state ?? 'UNCHECKED',
    checked_by: check?.by ?? null,
    check_remark: check?.remark ?? null,
  }
}

/** In the words in which upload and check are kept at the counter. */
function factsOf({ code, specimen, at, by, check }: Given, document: string): Fact[] {
  const uploaded = { document, material: code, sha256: specimen.sha256, bytes: specimen.content.length }
  return [
    { at, actor: `staff/${by}`, act: 'document/upload', body: uploaded },
    ...(check
      ? [
          {
            at: check.at,
            actor: `staff/${check.by}`,
            act: `document/${check.state}`,
            body: { document, material: code, remark: check.remark },
          },
        ]
      : []),
  ]
}

const minutesAfter = (at: Instant, minutes: number): Instant => {
  const [hours = 0, past = 0] = at.slice(11, 16).split(':').map(Number)
  const total = hours * 60 + past + minutes
  const time = [Math.floor(total / 60), total % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return `${at.slice(0, 11)}${time}${at.slice(16)}`
}
