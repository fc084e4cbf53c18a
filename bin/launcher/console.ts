import { spawn } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { projectFolder } from '../../tools/folders.ts'

export const consoleFolder = join(projectFolder, 'dist', 'console')

/** What the bundle is made from. */
const sources = ['admin-ui', 'contracts', 'rules', 'package-lock.json']

/** Written last, so that a build that was cut short does not count. */
const stamp = join(consoleFolder, '.built')

/** Builds the console unless the built one is newer than everything it is made from. @throws Error with the builder's words */
export async function ensureConsole(say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const builtMs = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (sources.every((source) => newestMs(join(projectFolder, source)) < builtMs)) return
  say('正在构建工作台……')
  const vite = join(projectFolder, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', join(projectFolder, 'admin-ui'), '--outDir', consoleFolder, '--emptyOutDir', '--logLevel', 'warn']
  const child = spawn(process.execPath, args, {
    cwd: projectFolder,
    // Said outright: under a test runner's NODE_ENV the bundle would carry React's slow development build.
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  })
  const words: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => words.push(text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`工作台构建失败：\n${words.join('').trimEnd()}`)
  writeFileSync(stamp, '')
}

function newestMs(path: string): number {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), mtimeMs)
}
