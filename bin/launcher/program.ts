import { existsSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { projectFolder } from '../../tools/folders.ts'
import { endProcess, ordinaryEnvironment, startProcess, type ProcessId, type Running } from '../../tools/processes.ts'
import type { Part } from './keeper.ts'

/** One of the `bin/*.ts`: reads the environment, prints one line `ready {…}` when it serves or is done, and exits non-zero on failure. */
export interface Program {
  /** `worker` for `bin/worker.ts`. */
  readonly name: string
  readonly args?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly logFolder: string
}

/** A program that stays up. */
export function programPart(program: Program & { readonly stopLimitMs: number }): Part {
  return {
    name: program.name,
    end: (process) => endProcess(process, [{ signal: 'SIGTERM', limitMs: program.stopLimitMs }]),
    async start(spawned) {
      const { running, log } = await spawnProgram(program)
      spawned(running)
      for (;;) {
        const seen = log()
        if (readyLine.test(seen)) return running
        if (hasEnded(running)) throw new Error(failure(program, seen))
        await sleep(25)
      }
    },
  }
}

/** A program that does one thing and ends. Returns what it said with `ready`. @throws Error with its last words when it failed */
export async function runToEnd(program: Program, spawned: (process: ProcessId) => void): Promise<unknown> {
  const { running, log } = await spawnProgram(program)
  spawned(running)
  await running.exited
  const ready = readyLine.exec(log())
  if (running.process.exitCode !== 0 || !ready) throw new Error(failure(program, log()))
  return JSON.parse(ready[1] || '{}')
}

const readyLine = /^ready\b[ \t]*(.*)$/m

const hasEnded = ({ process }: Running): boolean => process.exitCode !== null || process.signalCode !== null

async function spawnProgram({ name, args = [], environment, logFolder }: Program): Promise<{ running: Running; log: () => string }> {
  const logFile = join(logFolder, `${name}.log`)
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`)
  const from = size > LOG_BYTES_MAX ? 0 : size
  const running = await startProcess({
    command: process.execPath,
    args: [join(projectFolder, 'bin', `${name}.ts`), ...args],
    cwd: projectFolder,
    env: { ...ordinaryEnvironment(), ...environment },
    logFile,
  })
  return { running, log: () => (existsSync(logFile) ? readFileSync(logFile).subarray(from).toString('utf8') : '') }
}

const LOG_BYTES_MAX = 20 * 1024 * 1024

function failure({ name, logFolder }: Program, log: string): string {
  const lines = log.trimEnd().split('\n')
  const complaint = lines.findLastIndex((line) => /^\w*error\b/i.test(line))
  const lastWords = (complaint < 0 ? lines.slice(-15) : lines.slice(complaint, complaint + 15)).join('\n')
  return `${name} 未能启动，日志 ${join(logFolder, `${name}.log`)}：\n${lastWords}`
}
