import { z } from 'zod'
import { parsePlainDate, type PlainDate } from '../dates.ts'
import { fen, positiveFenText, type Fen } from '../money.ts'
import { failureCode, serialText, type FailureCode } from './bank.ts'

/** One payment in the bank's file of a day (日终对账文件). */
export type DayFileLine = { readonly serial: string; readonly amountFen: Fen } & (
  | { readonly state: 'SUCCEEDED'; readonly bankReference: string }
  | { readonly state: 'FAILED'; readonly failure: FailureCode }
)

export interface DayFile {
  readonly date: PlainDate
  readonly lines: readonly DayFileLine[]
  /** Numbers (from 1) of lines that cannot be read. They are isolated, not guessed, and do not spoil the others. */
  readonly unreadableLines: readonly number[]
}

const HEADER = /^H\|BANK-DAY-FILE\|1\|(\d{4}-\d{2}-\d{2})$/
const TRAILER = /^T\|(\d{1,9})\|(0|[1-9]\d{0,17})$/

/**
 * Reads a day file: `H|BANK-DAY-FILE|1|date`, one `D|serial|fen|state|detail` per payment, `T|lines|sum of fen`, each ended by a line feed.
 * Returns undefined when the file is not whole: no header, no trailer, fewer lines than the trailer counts, or, when every line is
 * readable, another sum.
 */
export function parseDayFile(text: string): DayFile | undefined {
  const rows = text.split('\n')
  if (rows.pop() !== '') return undefined
  const date = parsePlainDate(HEADER.exec(rows[0] ?? '')?.[1] ?? '')
  const trailer = TRAILER.exec(rows.at(-1) ?? '')
  if (!date || !trailer || rows.length < 2) return undefined
  const lines: DayFileLine[] = []
  const unreadableLines: number[] = []
  for (const [index, row] of rows.slice(1, -1).entries()) {
    const line = parseLine(row)
    if (line) lines.push(line)
    else unreadableLines.push(index + 2)
  }
  const counted = Number(trailer[1]) === rows.length - 2
  const summed = unreadableLines.length > 0 || BigInt(trailer[2] ?? '0') === sumOf(lines)
  return counted && summed ? { date, lines, unreadableLines } : undefined
}

/** The file of a day as text: what `parseDayFile` reads. */
export function dayFileText(date: PlainDate, lines: readonly DayFileLine[]): string {
  const rows = lines.map((line) => ['D', line.serial, line.amountFen, line.state, detailOf(line)].join('|'))
  return [`H|BANK-DAY-FILE|1|${date}`, ...rows, `T|${lines.length}|${sumOf(lines)}`, ''].join('\n')
}

const detailOf = (line: DayFileLine): string => (line.state === 'SUCCEEDED' ? line.bankReference : line.failure)
const sumOf = (lines: readonly DayFileLine[]): bigint => lines.reduce((sum, line) => sum + line.amountFen, 0n)

const fields = z.tuple([z.literal('D'), serialText, positiveFenText, z.enum(['SUCCEEDED', 'FAILED']), z.string().min(1).max(200)])

function parseLine(row: string): DayFileLine | undefined {
  const parsed = fields.safeParse(row.split('|'))
  if (!parsed.success) return undefined
  const [, serial, amountFen, state, detail] = parsed.data
  if (state === 'SUCCEEDED') return { serial, amountFen: fen(amountFen), state, bankReference: detail }
  const failure = failureCode.safeParse(detail)
  return failure.success ? { serial, amountFen: fen(amountFen), state, failure: failure.data } : undefined
}
