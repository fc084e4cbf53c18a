import { execFile } from 'node:child_process'
import { join } from 'node:path'

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/**
 * For tests only: runs a command of `anju` as a process of its own, the way people do.
 * @param env what the process knows of the world; what this one knows, where nothing else is said. What is compiled already it knows always
 */
export const runCommand = (name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> =>
  new Promise((resolve) => {
    const entry = join(import.meta.dirname, 'anju.ts')
    const known = { ...env, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }
    execFile(process.execPath, [entry, name, ...args], { maxBuffer: 8 * 1024 * 1024, env: known }, (error, out, err) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, out, err })
    })
  })

/**
 * For tests only: the same command in the process of the test, for answers that are asked for by the dozen, one after the other. What it says is
 * kept and not shown. That nothing else comes out of a process of its own, and that it ends, is asked once of each command by `runCommand`.
 * @param env what the command knows of the world while it runs
 */
export async function runHere(name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  const { run } = (await import(`./commands/${name}.ts`)) as { run: (args: string[]) => Promise<number> }
  const said = { out: '', err: '' }
  const [toOut, toErr, log, known] = [process.stdout.write, process.stderr.write, console.log, process.env]
  process.stdout.write = (text: string | Uint8Array) => ((said.out += String(text)), true)
  process.stderr.write = (text: string | Uint8Array) => ((said.err += String(text)), true)
  console.log = (...words: unknown[]) => void (said.out += `${words.map(String).join(' ')}\n`)
  process.env = env
  try {
    return { code: await run([...args]), ...said }
  } catch (error) {
    // As `bin/anju.ts` tells of a fault.
    return { code: 2, out: said.out, err: `${said.err}${name} 未完成：${error instanceof Error ? error.message : String(error)}\n` }
  } finally {
    Object.assign(process.stdout, { write: toOut })
    Object.assign(process.stderr, { write: toErr })
    console.log = log
    process.env = known
  }
}
