import { addDays, parsePlainDate, type PlainDate } from '#contracts/dates.ts'
import type { Db } from '#db/connect.ts'
import { readClock, type ClockReading } from '#db/read/time.ts'
import { advanceBusinessClock, type ClockMoved } from '#db/write/business-clock.ts'
import { answering, readOptions, Refused } from '../command-line.ts'
import { withWork } from '../work-connection.ts'

export const summary = '业务时钟：查看营业日期；在演示中向前推进'

const help = `用法：npm run -s anju -- clock [--json]
      npm run -s anju -- clock advance --to <日期> | --days <天数> | --next  [--json]

不带参数时显示营业日期、下一个到期日和到期的在办案件数。
  advance   把演示的营业日期向前推进，不可后退；推进后到期的案件由工作进程逐件提醒。生产环境的日期就是当天，不可推进
  --to      推进到这一天，YYYY-MM-DD
  --days    推进这么多天
  --next    推进到下一个到期日
  --json    只输出 JSON
退出码：0 完成，1 输入有误或被拒，2 故障
示例：npm run -s anju -- clock advance --days 7`

/** `anju clock`: the business date, and in a demo the way to move it. */
export const run = (args: string[]): Promise<number> =>
  answering(async () => {
    const advancing = args[0] === 'advance'
    const { texts, flags } = advancing
      ? readOptions(args.slice(1), ['to', 'days'], ['next', 'json', 'help'])
      : { texts: {}, flags: { next: false, ...readOptions(args, [], ['json', 'help']).flags } }
    if (flags.help) return console.log(help)
    await withWork('anju-clock', async (db) => {
      const clock = await readClock(db)
      if (!advancing) return console.log(flags.json ? JSON.stringify(clock) : shown(clock))
      const moved = await advance(db, target(clock, texts, flags.next))
      console.log(flags.json ? JSON.stringify(moved) : `营业日期由 ${moved.from} 推进到 ${moved.to}；有 ${moved.dueCases} 件案件到期，正在逐件提醒`)
    })
  })

/** The day that was asked for, in one of the three ways. @throws Refused */
function target(clock: ClockReading, { to, days }: { readonly to?: string; readonly days?: string }, next: boolean): PlainDate {
  if ([to !== undefined, days !== undefined, next].filter(Boolean).length !== 1) throw new Refused('请用 --to、--days、--next 之一指明推进到哪一天')
  if (next) {
    if (!clock.nextDue) throw new Refused('没有尚未到期的期限，请用 --to 或 --days')
    return clock.nextDue
  }
  if (days !== undefined) {
    if (!/^[1-9]\d{0,3}$/.test(days)) throw new Refused(`天数 ${days} 有误：须为正整数`)
    return addDays(clock.businessDate, Number(days))
  }
  const day = parsePlainDate(to ?? '')
  if (!day) throw new Refused(`日期 ${to} 有误：须为真实存在的 YYYY-MM-DD`)
  return day
}

async function advance(db: Db, to: PlainDate): Promise<ClockMoved> {
  const moved = await db.transaction().execute((tx) => advanceBusinessClock(tx, to, undefined))
  if ('refused' in moved) throw new Refused(moved.refused.detail ?? moved.refused.code)
  return moved
}

const shown = ({ mode, businessDate, nextDue, dueCases }: ClockReading): string =>
  [
    `营业日期 ${businessDate}（${mode === 'DEMO' ? '演示，可推进' : '与当天相同'}）`,
    nextDue ? `下一个到期日 ${nextDue}，有 ${dueCases} 件在办案件到期` : '没有尚未到期的期限',
  ].join('\n')
