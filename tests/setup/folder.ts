import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePrivateFolder } from '../../tools/folders.ts'
import { endProcess, isRunning, processesIn, processStartTime } from '../../tools/processes.ts'

/** A folder for the data of servers, named by the process that owns it, so that a later run can tell what a killed one left. */
export function throwAwayFolder(label: string): string {
  const folder = join(tmpdir(), `anju-test-${process.pid}-${processStartTime(process.pid)}-${label}`)
  makePrivateFolder(folder)
  return folder
}

/** Ends the servers of runs that were killed before they could do so, and removes their data. */
export async function clearKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const [, pid, startTime = ''] = /^anju-test-(\d+)-(\d+)-/.exec(name) ?? []
    if (!pid || isRunning({ pid: Number(pid), startTime })) continue
    for (const left of processesIn(join(tmpdir(), name))) await endProcess(left, [{ signal: 'SIGQUIT', limitMs: 2_000 }])
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}
