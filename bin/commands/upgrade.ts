import { setTimeout as sleep } from 'node:timers/promises'
import { upgradeCases, type Upgraded } from '#activities/reconcile.ts'
import type { Build } from '#api/engine-builds.ts'
import type { CaseEngine } from '#api/engine.ts'
import { answering, readOptions, Refused } from '../command-line.ts'
import { withEngine } from '../work-connection.ts'

export const summary = '升级：使在办案件转到最新版本的流程代码上'

const help = `用法：npm run -s anju -- upgrade [--restart] [--wait 秒] [--json]

新版本的工作进程就绪后执行（旧版本的工作进程此时还应在运行）。
  1. 把环境变量 WORKER_BUILD 所指的版本定为当前版本，此后新案件和每个新环节都用它；未设 WORKER_BUILD 时略过
  2. 通知每件在办案件转到当前版本：等待中的立即转，正在自动办理的办完本环节再转
  3. 等候至多 30 秒（--wait），列出仍在旧版本上的案件

  --restart   仍在旧版本上的（例如旧版本的工作进程已经全部停止），结束其旧流程，从记录重新启动
  --json      只输出 JSON
不改变案件的环节、期限和待办。可重复执行。
退出码：0 全部已转，1 有尚在旧版本的、没有流程的，或新版本的工作进程尚未就绪，2 故障
示例：npm run -s anju -- upgrade`

/** Cases are given this long to come to the new build; and a worker that has just been started, this long to be known to the engine. */
const LIMIT_MS = 30_000

/** @returns 0 when every open case is on the current build, 1 when some are not */
export async function run(args: string[]): Promise<number> {
  let complete = true
  const code = await answering(async () => {
    const { texts, flags } = readOptions(args, ['wait'], ['restart', 'json', 'help'])
    if (flags.help) return console.log(help)
    const limitMs = texts.wait === undefined ? LIMIT_MS : secondsOf(texts.wait) * 1_000
    const upgraded = await withEngine('anju-upgrade', async (db, engine, config) => {
      const { WORKER_DEPLOYMENT: deployment, WORKER_BUILD: build } = config
      if (build === undefined) return { build: null, ...(await upgradeCases(db, engine, undefined, flags)) }
      await makeCurrent(engine, { deployment, build })
      return { build, ...(await upgradeCases(db, engine, { build, limitMs }, flags)) }
    })
    complete = upgraded.missing === 0 && (upgraded.behind.length === 0 || upgraded.restarted)
    console.log(flags.json ? JSON.stringify(asJson(upgraded)) : inWords(upgraded))
  })
  return complete ? code : 1
}

function secondsOf(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new Refused('参数 --wait 须为整秒数，至多 9999')
  return Number(text)
}

async function makeCurrent(engine: CaseEngine, build: Build): Promise<void> {
  const until = performance.now() + LIMIT_MS
  while (!(await engine.makeCurrent(build))) {
    if (performance.now() > until)
      throw new Refused(`版本 ${build.build} 没有工作进程在运行：请先启动 WORKER_BUILD=${build.build} 的工作进程`)
    await sleep(500)
  }
}

type Outcome = Upgraded & { readonly build: string | null }

const asJson = ({ behind, ...rest }: Outcome): object => ({ ...rest, behind: behind.map(({ caseNumber }) => caseNumber) })

function inWords({ build, told, missing, behind, restarted }: Outcome): string {
  const lines = [
    ...(build === null ? [] : [`当前版本：${build}`]),
    `已通知 ${told} 件在办案件转到最新版本`,
    ...(behind.length === 0 || restarted
      ? []
      : ['尚在旧版本上的案件（正在自动办理的会在本环节办完后转；旧版本已无工作进程的请加 --restart）：']),
    ...behind.map(({ caseNumber }) => `  ${restarted ? '已从记录重新启动：' : ''}${caseNumber}`),
    ...(missing === 0 ? [] : [`${missing} 件没有正在运行的流程，工作进程将自行重新启动，也可执行 npm run -s anju -- reconcile`]),
  ]
  return lines.join('\n')
}
