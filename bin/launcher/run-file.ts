import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isRunning, processStartTime } from '../../tools/processes.ts'

const processId = z.object({ pid: z.int().positive(), startTime: z.string().min(1) })

const runFile = z.object({
  supervisor: processId,
  /** In the order in which they are to be ended. */
  children: z.array(processId.extend({ name: z.string() })),
  addresses: z.object({ console: z.string(), temporalUi: z.string().optional() }).partial(),
  /** What commands need in order to reach this run: connection strings and keys, as the environment names them. */
  environment: z.record(z.string(), z.string()),
})

/** What a start leaves for the next one, and for the commands: who runs, since when, and where. File mode 0600. */
export type RunFile = z.output<typeof runFile>

/** The record of the start that runs now, or that was killed; undefined when the last one ended in good order. */
export function readRunFile(dataFolder: string): RunFile | undefined {
  try {
    return runFile.parse(JSON.parse(readFileSync(pathIn(dataFolder), 'utf8')))
  } catch {
    return undefined
  }
}

/** As `readRunFile`, but only when that start is still up. */
export function readLiveRun(dataFolder: string): RunFile | undefined {
  const run = readRunFile(dataFolder)
  return run && isRunning(run.supervisor) ? run : undefined
}

/** Whole or not at all: a reader never sees half a file. */
export function writeRunFile(dataFolder: string, run: RunFile): void {
  const unfinished = `${pathIn(dataFolder)}.${process.pid}`
  writeFileSync(unfinished, JSON.stringify(run, null, 2), { mode: 0o600 })
  renameSync(unfinished, pathIn(dataFolder))
}

/**
 * Claims the data folder for this process: of two starts in the same second, one is refused.
 * Returns what a killed start left behind. @throws AlreadyRunning
 */
export function claim(dataFolder: string): RunFile | undefined {
  const left = readRunFile(dataFolder)
  if (left && isRunning(left.supervisor)) throw new AlreadyRunning(left)
  const supervisor = { pid: process.pid, startTime: processStartTime(process.pid) ?? '' }
  const run: RunFile = { supervisor, children: left?.children ?? [], addresses: {}, environment: {} }
  rmSync(pathIn(dataFolder), { force: true })
  try {
    writeFileSync(pathIn(dataFolder), JSON.stringify(run), { mode: 0o600, flag: 'wx' })
  } catch {
    throw new AlreadyRunning(readRunFile(dataFolder))
  }
  return left
}

/** Takes back the note that a launcher runs on this data folder; where there is none, nothing happens. */
export function removeRunFile(dataFolder: string): void {
  rmSync(pathIn(dataFolder), { force: true })
}

export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning'
  constructor(run: RunFile | undefined) {
    const where = run?.addresses.console ? `，工作台 ${run.addresses.console}` : ''
    super(`安居已在这个数据目录上运行（进程 ${run?.supervisor.pid ?? '未知'}${where}）；要重启，请先停止它。`)
  }
}

const pathIn = (dataFolder: string): string => join(dataFolder, 'run.json')
