import { dataFolderOf } from '../../tools/folders.ts'
import { isRunning } from '../../tools/processes.ts'
import { answering, readOptions } from '../command-line.ts'
import { readLiveRun, type RunFile } from '../launcher/run-file.ts'

export const summary = '显示正在运行的演示：地址与各进程'

const help = `用法：npm run -s anju -- status [--json]

显示 npm start 启动的演示的地址、数据目录和各进程。不显示口令与密钥。
退出码：0 正在运行，1 没有运行
示例：npm run -s anju -- status --json`

/** @returns 0 when a demo runs on this data folder, 1 when none does */
export async function run(args: string[]): Promise<number> {
  let running = true
  const code = await answering(() => {
    const { flags } = readOptions(args, [], ['json', 'help'])
    if (flags.help) return console.log(help)
    const dataFolder = dataFolderOf(process.env)
    const live = readLiveRun(dataFolder)
    running = live !== undefined
    console.log(flags.json ? JSON.stringify(asJson(dataFolder, live)) : asText(dataFolder, live))
  })
  return running ? code : 1
}

function asJson(dataFolder: string, live: RunFile | undefined): object {
  if (!live) return { running: false, dataFolder }
  return {
    running: true,
    dataFolder,
    addresses: live.addresses,
    processes: live.children.map((child) => ({ name: child.name, pid: child.pid, up: isRunning(child) })),
  }
}

function asText(dataFolder: string, live: RunFile | undefined): string {
  if (!live) return `没有运行（数据目录 ${dataFolder}）：npm start`
  const { console: workbench, temporalUi } = live.addresses
  const processes = live.children.map((child) => `  ${isRunning(child) ? '✓' : '✗'} ${child.name}（进程 ${child.pid}）`)
  return [`工作台 ${workbench ?? '正在启动'}`, `流程引擎 ${temporalUi ?? '外部'}`, `数据目录 ${dataFolder}`, ...processes].join('\n')
}
