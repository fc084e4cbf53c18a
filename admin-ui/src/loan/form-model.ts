import { inputText } from '#contracts/input-text.ts'
import { plainDate, type PlainDate } from '#contracts/dates.ts'
import { flawsOn, loanApplication } from '#contracts/loan.ts'
import type { Request } from '../api/client.ts'
import { currentMe } from '../api/session.ts'
import { amountInputText, parseAmount } from '../common/figures.ts'
import { plainText } from '../common/plain-text.ts'

export type ApplicationBody = Request<'submit'>['body']

/**
 * The form mirrors the application field by field, under the same names, so that the contract's errors and the server's pointers fall on
 * the right field. Everything is text as typed: a field named `…Fen` holds yuan here and becomes fen when it is read.
 */
export interface PersonForm {
  name: string
  idNumber: string
  mobile: string
  employer: string
  retirementCategory: string
  talentClass: string
  monthlyIncomeFen: string
  otherMonthlyDebtFen: string
}

export interface LoanForm {
  maritalStatus: string
  borrower: PersonForm
  spouse: PersonForm
  children: { name: string; idNumber: string }[]
  coBorrowers: PersonForm[]
  home: {
    kind: string
    use: string
    filingNumber: string
    homeNumber: string
    place: string
    address: string
    contractPriceFen: string
    areaSquareMetres: string
    builtYear: string
    sellerName: string
    receivingAccount: { kind: string; bankName: string; accountNumber: string; ownerName: string }
  }
  downPaymentPaidFen: string
  withdrawnForHomeFen: string
  entrustedBankId: string
  guarantee: { kind: string; institutionId: string }
  amountFen: string
  months: string
  method: string
  repaymentDay: string
  repaymentCard: { bankName: string; number: string; ownerName: string }
}

export const emptyPerson = (): PersonForm => ({
  name: '',
  idNumber: '',
  mobile: '',
  employer: '',
  retirementCategory: '',
  talentClass: '',
  monthlyIncomeFen: '',
  otherMonthlyDebtFen: '0',
})

export const emptyForm = (): LoanForm => ({
  maritalStatus: '',
  borrower: emptyPerson(),
  spouse: emptyPerson(),
  children: [],
  coBorrowers: [],
  home: {
    kind: '',
    use: 'OWN_OCCUPIED',
    filingNumber: '',
    homeNumber: '',
    place: '',
    address: '',
    contractPriceFen: '',
    areaSquareMetres: '',
    builtYear: '',
    sellerName: '',
    receivingAccount: { kind: '', bankName: '', accountNumber: '', ownerName: '' },
  },
  downPaymentPaidFen: '',
  withdrawnForHomeFen: '0',
  entrustedBankId: '',
  guarantee: { kind: 'MORTGAGE', institutionId: '' },
  amountFen: '',
  months: '',
  method: 'EQUAL_INSTALMENT',
  repaymentDay: '15',
  repaymentCard: { bankName: '', number: '', ownerName: '' },
})

export interface FormIssue {
  readonly path: string
  readonly message: string
}

export type Reading =
  | { readonly body: ApplicationBody; readonly issues: readonly [] }
  | { readonly body: undefined; readonly issues: readonly FormIssue[] }

/** Before anybody is known to be signed in, every day is over. */
const businessDay = (): PlainDate => plainDate(currentMe()?.businessDate ?? '2199-12-31')

/** The form as an application, or everything that is still wrong with it, in the contract's own words. */
export function readForm(form: LoanForm, today: PlainDate = businessDay()): Reading {
  const candidate = applicationOf(form)
  const parsed = loanApplication.safeParse(candidate, { error: inputText })
  // What travels is the candidate: the schema's output carries bigints and defaults that are the server's business.
  const issues = parsed.success ? flawsOn(parsed.data, today) : parsed.error.issues
  if (issues.length === 0) return { body: candidate as ApplicationBody, issues: [] }
  return {
    body: undefined,
    issues: issues.map(({ path, message }) => ({ path: path.join('.'), message: wordsOf(path.join('.'), message, form) })),
  }
}

const NUMBERS: readonly string[] = ['months', 'repaymentDay', 'builtYear', 'talentClass']

function applicationOf(form: LoanForm): unknown {
  const { spouse, ...rest } = form
  const guarantee = form.guarantee.kind === 'MORTGAGE' ? { kind: 'MORTGAGE', institutionId: '' } : form.guarantee
  return { ...(convert({ ...rest, guarantee }, '') as object), spouse: form.maritalStatus === 'MARRIED' ? convert(spouse, '') : null }
}

function convert(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => convert(item, ''))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, convert(item, name)]))
  const text = typeof value === 'string' ? value.trim() : ''
  if (key.endsWith('Fen')) return parseAmount(text)?.toString()
  if (NUMBERS.includes(key)) return text === '' ? null : Number(text)
  if (text === '') return key === 'institutionId' ? null : undefined
  return text
}

function wordsOf(path: string, message: string, form: LoanForm): string {
  const typed = valueAt(form, path)
  if (typed === '' || typed === undefined) return '请填写'
  if (path.endsWith('Fen') && parseAmount(plainText(typed)) === undefined) return '金额格式不正确，可填 650000、650,000 或 65万'
  return message
}

const valueAt = (form: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (here, step) => (typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[step] : undefined),
      form,
    )

/**
 * A stored application as the form shows it again. Particulars that the server covered cannot be sent back as they are: they come up empty,
 * and `covered` names what stood there, so that the officer types them from the document.
 */
export function formOf(content: unknown): { form: LoanForm; covered: Readonly<Record<string, string>> } {
  const covered: Record<string, string> = {}
  const form = merge(emptyForm(), content, '', covered) as LoanForm
  const people = isRecord(content) && Array.isArray(content['coBorrowers']) ? content['coBorrowers'] : []
  const children = isRecord(content) && Array.isArray(content['children']) ? content['children'] : []
  return {
    form: {
      ...form,
      coBorrowers: people.map((person, index) => merge(emptyPerson(), person, `coBorrowers.${index}`, covered) as PersonForm),
      children: children.map(
        (child, index) => merge({ name: '', idNumber: '' }, child, `children.${index}`, covered) as LoanForm['children'][number],
      ),
    },
    covered,
  }
}

function merge(shape: unknown, content: unknown, path: string, covered: Record<string, string>): unknown {
  if (isRecord(shape)) {
    const source = isRecord(content) ? content : {}
    return Object.fromEntries(
      Object.entries(shape).map(([key, value]) => [key, merge(value, source[key], path ? `${path}.${key}` : key, covered)]),
    )
  }
  if (Array.isArray(shape) || content === null || content === undefined) return shape
  const text = plainText(content)
  if (text.includes('*')) {
    covered[path] = text
    return ''
  }
  return path.endsWith('Fen') && /^\d+$/.test(text) ? amountInputText(text) : text
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A draft read back: only what the form knows, whatever an older draft held. */
export function formOfDraft(content: Readonly<Record<string, unknown>>): LoanForm {
  const raw = (shape: unknown, value: unknown): unknown => {
    if (isRecord(shape))
      return Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, raw(part, isRecord(value) ? value[key] : undefined)]))
    if (Array.isArray(shape)) return Array.isArray(value) ? value : []
    return typeof value === 'string' ? value : shape
  }
  return raw(emptyForm(), content) as LoanForm
}
