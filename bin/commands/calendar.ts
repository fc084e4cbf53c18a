import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { parsePlainDate, plainDateText, type PlainDate } from '#contracts/dates.ts'
import type { CalendarYear } from '#db/calendar/years.ts'
import type { Db, Tx } from '#db/connect.ts'
import { loadCalendarYear, setCalendarDay, type CalendarChanged, type CalendarEditor } from '#db/write/calendar.ts'
import { readCalendarEditor } from '#db/read/calendar.ts'
import { accountName } from '../account-name.ts'
import { answering, readOptions, Refused, required } from '../command-line.ts'
import { withBatch } from '../work-connection.ts'

export const summary = '工作日历：改定一天，或载入一年；在办案件的期限随之重算'

const help = `用法：npm run -s anju -- calendar set <日期> --working | --rest  --by <工号> --reason <理由> [--name <节日>] [--json]
      npm run -s anju -- calendar load --file <文件> --by <工号> --reason <理由> [--json]

  set        改定已载入年份中的一天
  load       载入一个尚未载入的年份（JSON）：
             {"year":2027,"source":"通知名称","holidays":[{"name":"元旦","from":"2027-01-01","to":"2027-01-03"}],
              "madeUp":[{"day":"2027-01-04","name":"元旦"}]}；其余日子按周一至周五工作
  --by       改定人的工号，须为在岗的系统管理员或政策参数岗；记入审计和每件受影响的案件
             （命令行不核对本人口令：能登录这台服务器并读到环境变量的人，即能以该工号改定；操作系统账号一并记入审计）
  --reason   理由，如国务院办公厅通知的文号
  --json     只输出 JSON

受影响的在办案件由工作进程逐件重算期限、重设提醒，并在案件上注明理由。
退出码：0 完成，1 输入有误或被拒，2 故障
示例：npm run -s anju -- calendar set 2026-10-10 --rest --by A0017 --reason 国办发明电〔2026〕3号`

/** `anju calendar`: changes what a working day is; what hangs on it is counted again. */
export const run = (args: string[]): Promise<number> =>
  answering(async () => {
    const [act, ...rest] = args
    if (act === 'set' && rest[0] !== undefined && !rest[0].startsWith('--')) return setDay(rest[0], rest.slice(1))
    if (act === 'load') return loadYear(rest)
    if (args.some((arg) => arg !== '--help')) throw new Refused(`用法有误（--help 查看说明）`)
    console.log(help)
  })

async function setDay(text: string, args: readonly string[]): Promise<void> {
  const { texts, flags } = readOptions(args, ['by', 'reason', 'name'], ['working', 'rest', 'json'])
  const day = parsePlainDate(text)
  if (!day) throw new Refused(`日期 ${text} 有误：须为真实存在的 YYYY-MM-DD`)
  if (flags.working === flags.rest) throw new Refused('请用 --working（工作日）、--rest（休息日）之一')
  const given = { by: required({ texts }, 'by'), reason: reasonOf(required({ texts }, 'reason')) }
  const change = { day, working: flags.working, name: texts.name ?? null }
  const cases = await changing(given, (tx, by) => setCalendarDay(tx, change, by))
  console.log(flags.json ? JSON.stringify({ ...change, cases }) : `${day} 已改定为${change.working ? '工作日' : '休息日'}；${recounting(cases)}`)
}

async function loadYear(args: readonly string[]): Promise<void> {
  const { texts, flags } = readOptions(args, ['file', 'by', 'reason'], ['json'])
  const year = await readYear(required({ texts }, 'file'))
  const given = { by: required({ texts }, 'by'), reason: reasonOf(required({ texts }, 'reason')) }
  const cases = await changing(given, (tx, by) => loadCalendarYear(tx, year, by))
  console.log(flags.json ? JSON.stringify({ year: year.year, cases }) : `${year.year}年的工作日历已载入；${recounting(cases)}`)
}

const recounting = (cases: number): string => (cases === 0 ? '没有在办案件受影响' : `${cases} 件在办案件的期限正在重算`)

function reasonOf(text: string): string {
  if (text.trim().length < 4 || text.length > 200) throw new Refused('理由须为 4 至 200 个字')
  return text.trim()
}

/** One transaction in the name of the person given. @throws Refused when they may not, or the calendar says no */
const changing = (given: { by: string; reason: string }, work: (tx: Tx, by: CalendarEditor) => Promise<CalendarChanged>): Promise<number> =>
  withBatch('anju-calendar', async (db: Db) => {
    const editor = await readCalendarEditor(db, given.by)
    if (!editor) throw new Refused(`工号 ${given.by} 不是在岗的系统管理员或政策参数岗`)
    const changed = await db.transaction().execute((tx) => work(tx, { ...editor, reason: given.reason, operator: accountName() }))
    if ('refused' in changed) throw new Refused(changed.refused.detail ?? changed.refused.code)
    return changed.cases
  })

/** The notice of a year, as the file has it. Days outside the year, or an end before its beginning, are a slip of the pen. */
const notice = z
  .strictObject({
    year: z.number().int().min(2000).max(2199),
    source: z.string().trim().min(4).max(200),
    holidays: z.array(z.strictObject({ name: z.string().min(1), from: plainDateText, to: plainDateText })),
    madeUp: z.array(z.strictObject({ day: plainDateText, name: z.string().min(1) })),
  })
  .refine(({ holidays }) => holidays.every(({ from, to }) => from <= to), { error: '假期的止日早于起日' })
  .refine(({ year, holidays, madeUp }) => [...holidays.flatMap(({ from, to }) => [from, to]), ...madeUp.map(({ day }) => day)].every(inYear(year)), {
    error: '有日子不在这一年',
  })

const inYear =
  (year: number) =>
  (day: PlainDate): boolean =>
    day.startsWith(`${year}-`)

async function readYear(path: string): Promise<CalendarYear> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Refused(`文件 ${path} 无法读取`)
  })
  const parsed = notice.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  throw new Refused(`文件有误：\n${parsed.error.issues.map(({ path: at, message }) => `  ${z.core.toDotPath(at) || '（整个文件）'}：${message}`).join('\n')}`)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused('文件不是合法的 JSON')
  }
}
