import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectFolder } from '../../tools/folders.ts'

export const summary = '测量：每项与同一轮里的对照相比，打印比值（不设门槛）'

const script = join(projectFolder, 'bench', 'run.ts')

/**
 * The measures are a program of their own: they drive the house from outside, and nothing that runs in production depends on them.
 * @returns what the program ended with: 0 measured, 1 refused or something wrong was found, 2 fault
 */
export async function run(args: string[]): Promise<number> {
  if (!existsSync(script)) throw new Error('此安装不含测量程序（bench/），请在源码目录中运行')
  const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit' })
  // The child ends its servers before it is over; from a terminal it has Ctrl-C already.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 2)))
}
