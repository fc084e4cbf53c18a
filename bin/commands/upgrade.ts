import { upgradeCases } from '#activities/reconcile.ts'
import { answering, readOptions } from '../command-line.ts'
import { withEngine } from '../work-connection.ts'

export const summary = '升级：使在办案件转到最新版本的流程代码上'

const help = `用法：npm run -s anju -- upgrade [--json]

新版本的工作进程就绪后执行。案件本来在每个环节之间换到最新版本；长时间等待的，由本命令唤醒，在原环节接着等待。
不改变案件的环节、期限和待办。可重复执行。
退出码：0 完成，1 有在办案件没有流程（请执行 reconcile），2 故障
示例：npm run -s anju -- upgrade`

/** @returns 0 when every open case was told, 1 when some have no workflow to tell */
export async function run(args: string[]): Promise<number> {
  let complete = true
  const code = await answering(async () => {
    const { flags } = readOptions(args, [], ['json', 'help'])
    if (flags.help) return console.log(help)
    const upgraded = await withEngine('anju-upgrade', upgradeCases)
    complete = upgraded.missing === 0
    const missing = complete ? '' : `；${upgraded.missing} 件没有正在运行的流程，请执行 npm run -s anju -- reconcile`
    console.log(flags.json ? JSON.stringify(upgraded) : `已通知 ${upgraded.told} 件在办案件转到最新版本${missing}`)
  })
  return complete ? code : 1
}
