import { reconcile, type Reconciled } from '#activities/reconcile.ts'
import { answering, readOptions } from '../command-line.ts'
import { withEngine } from '../work-connection.ts'

export const summary = '核对案件与流程：在办而没有流程的重新启动，已办结而流程未结束的使其结束'

const help = `用法：npm run -s anju -- reconcile [--dry-run] [--json]

以数据库的记录为准，与流程引擎双向核对。可随时执行，可重复执行。
  在办案件没有正在运行的流程：确认仍在办后，从记录重新启动
  流程还在运行而案件已办结：通知它自行结束
  流程所指的案件不存在：只列出，不作处理（接错了库时看起来就是这样）

  --dry-run   只核对，不改动
  --json      只输出 JSON
退出码：0 一致或已处理，1 有须人工查明的（--dry-run 时：有不一致的），2 故障
示例：npm run -s anju -- reconcile --dry-run`

/** @returns 0 when record and engine agree or now will, 1 when something is left for a person */
export async function run(args: string[]): Promise<number> {
  let agreed = true
  const code = await answering(async () => {
    const { flags } = readOptions(args, [], ['dry-run', 'json', 'help'])
    if (flags.help) return console.log(help)
    const dryRun = flags['dry-run']
    const found = await withEngine('anju-reconcile', (db, engine) => reconcile(db, engine, { dryRun }))
    agreed = found.strays.length === 0 && (!dryRun || found.missing.length + found.ended.length === 0)
    console.log(flags.json ? JSON.stringify({ dryRun, ...found }) : inWords(found, dryRun))
  })
  return agreed ? code : 1
}

function inWords({ open, missing, ended, strays }: Reconciled, dryRun: boolean): string {
  const lines = [
    ...missing.map(({ caseNumber }) => `  ${dryRun ? '没有流程' : '已重新启动'}：${caseNumber}`),
    ...ended.map((id) => `  ${dryRun ? '案件已办结，流程未结束' : '已通知结束'}：${id}`),
    ...strays.map((id) => `  记录中没有这件案件，请查明：${id}`),
  ]
  return [`在办案件 ${open} 件`, ...(lines.length > 0 ? lines : ['  与流程引擎一致'])].join('\n')
}
