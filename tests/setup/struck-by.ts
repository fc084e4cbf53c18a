import { existsSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { vi } from 'vitest'
import { armFaults } from '#db/fault.ts'
import { throwAwayFolder } from './folder.ts'

/**
 * Arms plans of one fault each in this process, one after another, and waits until each has struck: a fault that nobody came by has tried
 * nothing. For work that goes on by itself; where the fault reaches the test as an answer or an error, `armFaults` is enough.
 */
export async function struckBy(...plans: readonly string[]): Promise<void> {
  const folder = throwAwayFolder(`struck-${crypto.randomUUID()}`)
  try {
    for (const [index, plan] of plans.entries()) {
      const file = join(folder, String(index))
      writeFileSync(file, plan)
      armFaults(`@${file}`)
      await vi.waitFor(
        () => {
          if (!existsSync(`${file}.spent`)) throw new Error(`nobody came by ${plan}`)
        },
        { timeout: 60_000, interval: 20 },
      )
    }
  } finally {
    armFaults(undefined)
    await rm(folder, { recursive: true })
  }
}
