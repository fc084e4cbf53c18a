import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolderOf } from '../tools/folders.ts'
import { nearest } from './launcher/nearest.ts'
import { readLiveRun } from './launcher/run-file.ts'

/** One file of `bin/commands/`. */
export interface Command {
  /** One line of Chinese for the list. */
  readonly summary: string
  /** @returns 0 done, 1 refused (what was asked is wrong), 2 fault (the world failed) */
  readonly run: (args: string[]) => Promise<number>
}

/** In the order of the list; each is a file of `bin/commands/`. */
const names = [
  'doctor',
  'status',
  'schedule',
  'assess',
  'clock',
  'reconcile',
  'verify',
  'found',
  'seed',
  'seal',
  'calendar',
  'replay-decision',
  'upgrade',
  'bench',
  'openapi',
]

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const debug = args.includes('--debug')
  const [name, ...rest] = args.filter((arg) => arg !== '--debug')
  if (name === '--version') return say(versionText(), 0)
  if (!name || ['help', '--help', '-h'].includes(name)) return say(await helpText(), 0)
  if (!names.includes(name)) return complain(unknownText(name), 1)
  try {
    useRunningDemo()
    return await (await load(name)).run(rest)
  } catch (error) {
    if (debug) throw error
    return complain(`${name} 未完成：${error instanceof Error ? error.message : String(error)}\n（加 --debug 查看出错位置）`, 2)
  }
}

function load(name: string): Promise<Command> {
  return import(`./commands/${name}.ts`)
}

/** Commands reach a demo that runs on this data folder without being told where; what the caller set wins. */
function useRunningDemo(): void {
  const run = readLiveRun(dataFolderOf(process.env))
  for (const [name, value] of Object.entries(run?.environment ?? {})) process.env[name] ??= value
}

async function helpText(): Promise<string> {
  const lines = names.map(async (name) => `  ${name.padEnd(16)} ${(await load(name)).summary}`)
  return [
    '安居命令行',
    '',
    '用法：npm run -s anju -- <命令> [参数]',
    '',
    '命令：',
    ...(await Promise.all(lines)),
    '',
    '各命令的参数与示例：npm run -s anju -- <命令> --help',
    '通用参数：--json 只输出 JSON；--debug 出错时显示位置',
    '退出码：0 完成，1 输入有误或被拒，2 故障',
    '示例：npm run -s anju -- doctor',
  ].join('\n')
}

function unknownText(name: string): string {
  const close = nearest(name, names)
  return `没有“${name}”这个命令${close ? `，是否要用 ${close}？` : ''}（全部命令：npm run -s anju -- --help）`
}

function versionText(): string {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')).version
}

function say(text: string, code: number): number {
  console.log(text)
  return code
}

function complain(text: string, code: number): number {
  console.error(text)
  return code
}
