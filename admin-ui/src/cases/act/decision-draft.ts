import { isNotice } from '#contracts/cases.ts'
import { parsePlainDate } from '#contracts/dates.ts'
import { fieldsNeeded } from '#contracts/stages.ts'
import { useCallback, useState } from 'react'
import type { Request } from '../../api/client.ts'
import { currentMe } from '../../api/session.ts'
import { amountInputText, parseAmount } from '../../common/figures.ts'
import type { ActionView, CaseView } from '../case-text.ts'
import { typedAnswers, type TypedAnswer } from './hand-answers.ts'

type DecisionBody = Request<'decide'>['body']

export interface Want {
  readonly item: string
  readonly reason: string
}

/** What the officer has typed so far, as typed: amounts in yuan, nothing converted before it is sent. */
export interface DecisionDraft {
  readonly to: string
  readonly opinion: string
  readonly reasonCode: string
  readonly furtherReasonCodes: readonly string[]
  readonly wants: readonly Want[]
  readonly secondNoticeReason: string
  readonly amount: string
  readonly months: string
  readonly fields: Readonly<Record<string, string>>
  /** What is typed of each question that waits for what the paper says. */
  readonly answers: Readonly<Record<string, TypedAnswer>>
  readonly oneTimeCode: string
}

export interface PartProps {
  readonly draft: DecisionDraft
  readonly change: (part: Partial<DecisionDraft>) => void
  /** The officer has tried to submit: what is missing may be pointed at. */
  readonly tried: boolean
}

/** The draft of one action on one version of a case, kept in the tab until it is decided: closing the panel or F5 loses nothing. */
export function useDraft(
  view: CaseView,
  action: ActionView,
): { draft: DecisionDraft; change: (part: Partial<DecisionDraft>) => void; discard: () => void } {
  const place = `anju.draft.${view.case.id}.${action.action}`
  const [draft, setDraft] = useState<DecisionDraft>(() => ({ ...initialDraft(view, action), ...stored(place), oneTimeCode: '' }))
  const change = useCallback(
    (part: Partial<DecisionDraft>) =>
      setDraft((before) => {
        const after = { ...before, ...part }
        // A one-time code is never kept.
        sessionStorage.setItem(place, JSON.stringify({ ...after, oneTimeCode: '' }))
        return after
      }),
    [place],
  )
  const discard = useCallback(() => sessionStorage.removeItem(place), [place])
  return { draft, change, discard }
}

function stored(place: string): Partial<DecisionDraft> {
  const text = sessionStorage.getItem(place)
  return text ? (JSON.parse(text) as Partial<DecisionDraft>) : {}
}

function initialDraft(view: CaseView, action: ActionView): DecisionDraft {
  const verdict = latestVerdict(view)
  const terms = view.timeline.findLast((entry) => entry.terms !== null && !entry.recalled)?.terms
  const amountFen = terms?.amountFen ?? (verdict && verdict.outcome !== 'refused' ? verdict.amountFen : view.case.amountFen)
  const today = currentMe()?.businessDate ?? ''
  return {
    to: action.to.length === 1 ? (action.to[0]?.stage ?? '') : '',
    opinion: '',
    reasonCode: action.needs.includes('reason') ? proposedReason(view) : '',
    furtherReasonCodes: [],
    wants: wantsNeeded(view, action) ? [{ item: '', reason: '' }] : [],
    secondNoticeReason: '',
    amount: amountFen ? amountInputText(amountFen) : '',
    months: String(terms?.months ?? verdict?.months ?? ''),
    fields: Object.fromEntries(fieldsNeeded(action.needs).map(({ name, type }) => [name, type === 'date' ? today : ''])),
    answers: {},
    oneTimeCode: '',
  }
}

/** The reason an earlier level has proposed a refusal for; the next one may choose another. */
const proposedReason = (view: CaseView): string =>
  view.timeline.findLast((entry) => entry.reasons.length > 0 && !entry.recalled)?.reasons[0]?.code ?? ''

/** The verdict that rules now: the newest. */
export const latestVerdict = (view: CaseView): CaseView['verdicts'][number] | undefined =>
  [...view.verdicts].sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1))[0]

/** As the contract has it. */
export const SECOND_NOTICE_WORDS_MIN = 4

/** What has been asked of the applicant and is still awaited. */
export const wantsAsked = (view: CaseView): CaseView['wants'] => view.wants.filter(({ satisfied }) => !satisfied)

export const isSecondNotice = (view: CaseView): boolean => view.wants.some(({ noticeNo }) => noticeNo !== null)

/** A notice says at least one thing: brought along, or asked for before. */
export const wantsNeeded = (view: CaseView, action: ActionView): boolean =>
  action.needs.includes('wants') || (action.action === 'supplement' && wantsAsked(view).length === 0)

/** A line that was offered and left empty asks for nothing. */
export const wantsTyped = ({ wants }: DecisionDraft): Want[] => wants.filter(({ item, reason }) => (item + reason).trim() !== '')

/** What is still missing, in the words of the fields. The server checks the same again, and more. */
export function lackingOf(view: CaseView, action: ActionView, draft: DecisionDraft): string[] {
  const { needs } = action
  const lacking: string[] = []
  const lack = (missing: boolean, label: string): void => {
    if (missing) lacking.push(label)
  }
  lack(action.to.length > 1 && draft.to === '', '退回到的环节')
  lack(needs.includes('reason') && draft.reasonCode === '', '理由')
  lack(needs.includes('opinion') && draft.opinion.trim().length < 2, '意见')
  lack(needs.includes('terms') && !(parseAmount(draft.amount) ?? 0n), '金额')
  lack(needs.includes('terms') && !/^[1-9]\d{0,2}$/.test(draft.months), '期限')
  for (const { name, label, type, optional } of fieldsNeeded(needs)) {
    const value = draft.fields[name]?.trim() ?? ''
    if (optional && value === '') continue
    lack(value === '' || (type === 'date' && parsePlainDate(value) === undefined), label)
  }
  const wants = wantsTyped(draft)
  lack(wantsNeeded(view, action) && wants.length === 0, '需补正的材料')
  lack(
    wants.some(({ item, reason }) => item.trim().length < 2 || reason.trim().length < 2),
    '每项材料的名称与原因',
  )
  lack(
    isNotice(action.action) && isSecondNotice(view) && draft.secondNoticeReason.trim().length < SECOND_NOTICE_WORDS_MIN,
    '再次告知的理由（不少于4个字）',
  )
  if (needs.includes('answers')) lacking.push(...typedAnswers(view.questions, draft.answers).lacking)
  lack(needs.includes('step-up') && !/^\d{6}$/.test(draft.oneTimeCode), '动态口令')
  return lacking
}

/** The draft as the contract wants it: only what the action asks for travels. */
export function bodyOf(view: CaseView, action: ActionView, draft: DecisionDraft): DecisionBody {
  const amountFen = action.needs.includes('terms') ? parseAmount(draft.amount) : undefined
  return {
    action: action.action,
    opinion: draft.opinion,
    // Where only one place is left of several, it is named all the same.
    to: action.to.length > 1 ? draft.to : action.to[0]?.stage,
    ...(action.needs.includes('reason') ? { reasonCode: draft.reasonCode } : {}),
    ...(action.needs.includes('reason') && draft.furtherReasonCodes.length > 0
      ? { furtherReasonCodes: draft.furtherReasonCodes.filter((code) => code !== draft.reasonCode) }
      : {}),
    ...(wantsTyped(draft).length > 0 ? { wants: wantsTyped(draft).map((want) => ({ ...want })) } : {}),
    ...(draft.secondNoticeReason.trim() ? { secondNoticeReason: draft.secondNoticeReason } : {}),
    ...(amountFen === undefined ? {} : { terms: { amountFen: amountFen.toString(), months: Number(draft.months) } }),
    ...(fieldsNeeded(action.needs).length > 0
      ? { fields: Object.fromEntries(Object.entries(draft.fields).filter(([, value]) => value.trim() !== '')) }
      : {}),
    ...(action.needs.includes('answers') ? { answers: typedAnswers(view.questions, draft.answers).answers } : {}),
    ...(action.needs.includes('step-up') ? { oneTimeCode: draft.oneTimeCode } : {}),
  }
}
