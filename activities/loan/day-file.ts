import { addDays, daysBetween, type PlainDate } from '#contracts/dates.ts'
import type { DayFile, DayFileLine } from '#contracts/machine/day-file.ts'
import { fen } from '#contracts/money.ts'
import type { Tx } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { readDayFileOrder, readDayFileWord, readPaymentsById } from '#db/read/day-file.ts'
import { readLastPayment } from '#db/read/loan.ts'
import { businessTime } from '#db/read/time.ts'
import { closeIncidents, raiseIncident } from '#db/write/incidents.ts'
import { notePayment } from '#db/write/payments.ts'
import { claimOf, judgeBankWord, oneWord, type BankWord as LineWord, type Judgement } from '#rules/loan/bank-word.ts'
import type { Parts } from '../parts.ts'
import { downloadDayFile, type DownloadedDayFile } from '../ports/bank.ts'
import { PortFault, type PortFaultKind } from '../ports/fault.ts'
import { isSettled, learnIn, serialOf, type BankWord } from './bank-news.ts'

/** A payment is in the file of the day on which it was booked or failed; whoever looks further back than this asks the bank in person. */
const DAYS_BACK_MAX = 31
/** So many lines are named one by one; a file has thousands, and those that agree concern nobody. */
const LINES_TOLD_MAX = 20

/** The trouble that a payment is in whose file did not settle it; over as soon as it is settled. */
export const DAY_FILE_UNSETTLED = 'DAY_FILE_UNSETTLED'

/**
 * Settles by the bank's day file, when the cashier's last act was to ask for it. What the file said of each payment, and why nothing followed
 * where nothing did, stands with the payment; what a person must look at stands on the incidents page as well.
 */
export async function takeDayFile(parts: Parts, caseId: string): Promise<void> {
  const payment = await readLastPayment(parts.db, caseId)
  if (!payment || isSettled(payment.state)) return
  const { asked, paidOn } = await readDayFileOrder(parts.db, caseId)
  if (!asked) return
  const { today } = await businessTime(parts.db)
  const search = await searchFiles(parts, serialOf(payment.payment_id), paidOn ?? today, today)
  await transact(parts.db, 'day-file-taken', (tx) => takeSearch(tx, caseId, payment.payment_id, search))
}

interface Search {
  readonly from: PlainDate
  readonly to: PlainDate
  /** The file that names the serial; where none does, the last that could be had. */
  readonly found: DownloadedDayFile | undefined
  /** Files that could not be had, and why. */
  readonly missing: readonly string[]
}

/** From the day of the order on, until a file names the serial. */
async function searchFiles(parts: Parts, serial: string, paidOn: PlainDate, today: PlainDate): Promise<Search> {
  const from = daysBetween(paidOn, today) > DAYS_BACK_MAX ? addDays(today, -DAYS_BACK_MAX) : paidOn
  const missing: string[] = []
  let found: DownloadedDayFile | undefined
  for (let day = from; day <= today; day = addDays(day, 1)) {
    try {
      found = await downloadDayFile(parts.ports.bank, day)
      if (found.file.lines.some((line) => line.serial === serial)) break
    } catch (error) {
      if (!(error instanceof PortFault)) throw error
      missing.push(`${day}的文件${FAULTS[error.kind]}`)
    }
  }
  return { from, to: today, found, missing }
}

const FAULTS: Readonly<Record<PortFaultKind, string>> = {
  unreachable: '未能取得（银行无应答）',
  timeout: '未能取得（银行应答超时）',
  refused: '银行尚未提供',
  garbled: '不完整、未签名或者无法辨认',
  mismatch: '载明的日期不符',
}

/** One line of a file with its number, what it names, and what follows. */
interface JudgedLine {
  readonly no: number
  readonly line: DayFileLine
  readonly word: LineWord
  readonly payment: OnRecord | undefined
  readonly judgement: Judgement
}
type OnRecord = Awaited<ReturnType<typeof readPaymentsById>>[number]

async function takeSearch(tx: Tx, caseId: string, paymentId: string, search: Search): Promise<void> {
  const payment = await tx.selectFrom('payment').selectAll().where('payment_id', '=', paymentId).forUpdate().executeTakeFirstOrThrow()
  if (isSettled(payment.state)) return
  const { today } = await businessTime(tx)
  const judged = search.found ? await judgeLines(tx, search.found.file, today) : []
  const own = judged.filter(({ line }) => line.serial === serialOf(paymentId))
  const word = oneWord(own.map(({ word: said }) => said))
  const settles = word !== undefined && word !== 'DIFFER' && own[0]?.judgement.outcome === 'SETTLES'
  const conclusion = settles ? undefined : `未能核定：${whyNot(search, own, word === 'DIFFER')}`
  // While the cashier's act is the last, the file is read again with every query; what it says again is not said twice.
  if (conclusion !== undefined && conclusion === (await readDayFileWord(tx, paymentId))) return
  const of = { paymentId, orgId: payment.org_id, accessGroupId: payment.access_group_id }
  for (const detail of search.found ? wordsOf(search.found, judged, serialOf(paymentId), word === 'DIFFER') : [])
    await notePayment(tx, of, { state: payment.state, source: 'day-file', detail })
  await raiseForOthers(
    tx,
    payment.org_id,
    search.found?.file,
    judged.filter((one) => !own.includes(one)),
  )
  if (settles) return void (await learnIn(tx, paymentId, 'day-file', wordOf(word, search.found?.sha256 ?? '')))
  await notePayment(tx, of, { state: payment.state, source: 'day-file', detail: conclusion ?? '' })
  await closeIncidents(tx, DAY_FILE_UNSETTLED, caseId)
  await raiseIncident(tx, {
    kind: DAY_FILE_UNSETTLED,
    caseId,
    orgId: payment.org_id,
    reference: paymentId,
    detail: `银行日终文件${conclusion ?? ''}`,
  })
}

const wordOf = (word: LineWord, sha256: string): BankWord =>
  word.state === 'SUCCEEDED'
    ? { state: 'SUCCEEDED', bankReference: `${word.bankReference}（文件 ${sha256.slice(0, 12)}）`, bookedOn: word.bookedOn }
    : { state: 'FAILED', failure: word.failure }

function whyNot({ from, to, missing, found }: Search, own: readonly JudgedLine[], differ: boolean): string {
  const unread = found?.file.unreadableLines ?? []
  const reasons = differ
    ? [`第${own.map(({ no }) => no).join('、')}行的流水号相同而内容不一，不予采信`]
    : own.length > 0
      ? own.map(({ no, judgement }) => `第${no}行${judgement.text}`)
      : found
        ? [`${from === to ? to : `${from}至${to}`}的文件中没有本笔划款${unread.length > 0 ? `，第${unread.join('、')}行无法辨认` : ''}`]
        : []
  return [...reasons, ...missing].join('；')
}

/** Every readable line with its number in the file, against the payment it names. */
async function judgeLines(tx: Tx, file: DayFile, today: PlainDate): Promise<JudgedLine[]> {
  const ids = file.lines.map(({ serial }) => serial.toLowerCase()).filter((id) => UUID.test(id))
  const payments = new Map((await readPaymentsById(tx, [...new Set(ids)])).map((one) => [serialOf(one.payment_id), one]))
  const unreadable = new Set(file.unreadableLines)
  const numbers = Array.from({ length: file.lines.length + unreadable.size }, (_, index) => index + 2).filter((no) => !unreadable.has(no))
  return file.lines.map((line, index) => {
    const payment = payments.get(line.serial)
    const onRecord = payment && {
      amountFen: fen(payment.amount_fen),
      state: payment.state,
      failure: payment.failure,
      orderedOn: payment.ordered_on,
    }
    // A file is of the day on which its payments were booked or failed.
    const word: LineWord = line.state === 'SUCCEEDED' ? { ...line, bookedOn: file.date } : line
    return { no: numbers[index] ?? 0, line, word, payment, judgement: judgeBankWord(word, onRecord, today) }
  })
}
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What became of the file, line by line, as the cashier reads it. Lines of other payments that agree are counted only. */
function wordsOf({ file, sha256 }: DownloadedDayFile, judged: readonly JudgedLine[], serial: string, differ: boolean): string[] {
  const told = judged.flatMap(({ no, line, judgement }) => {
    if (line.serial === serial) return [`第${no}行（本笔）：${differ ? '与同一流水号的他行内容不一，不予采信' : judgement.text}`]
    if (judgement.outcome === 'AGREES') return []
    return [
      `第${no}行（流水号 ${line.serial}）：${judgement.outcome === 'SETTLES' ? '属另案结果不明的划款，由该案的出纳核定' : judgement.text}`,
    ]
  })
  const unread = file.unreadableLines.map((no) => `第${no}行：无法辨认，未处理`)
  const all = [...told, ...unread]
  const agreeing = judged.filter(({ line, judgement }) => line.serial !== serial && judgement.outcome === 'AGREES').length
  const count = judged.length + unread.length
  return [
    `${file.date}的日终文件（校验 ${sha256.slice(0, 12)}）共${count}行，其中${agreeing}行为他笔划款、与记录一致`,
    ...all.slice(0, LINES_TOLD_MAX),
    ...(all.length > LINES_TOLD_MAX ? [`其余${all.length - LINES_TOLD_MAX}行从略`] : []),
  ]
}

/** What the file says against the record of other payments, or of none, is not this case's to mend, but somebody's to know. */
async function raiseForOthers(tx: Tx, orgId: string, file: DayFile | undefined, others: readonly JudgedLine[]): Promise<void> {
  for (const { no, line, word, payment, judgement } of others) {
    if (judgement.outcome === 'SETTLES' || judgement.outcome === 'AGREES') continue
    await raiseIncident(tx, {
      kind: payment ? 'PAYMENT_CONTRADICTED' : 'DAY_FILE_UNMATCHED',
      caseId: payment?.case_id ?? null,
      orgId: payment?.org_id ?? orgId,
      ...(payment ? { accessGroupId: payment.access_group_id } : {}),
      reference: payment?.payment_id ?? `${file?.date ?? ''}/${line.serial}`,
      detail: `${file?.date ?? ''}的银行日终文件第${no}行：${judgement.text}`,
      ...(payment && judgement.outcome === 'CONTRADICTS' ? { claim: { paymentId: payment.payment_id, claim: claimOf(word) } } : {}),
    })
  }
}
