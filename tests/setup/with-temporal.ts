import type { TestProject } from 'vitest/node'
import { letGo, takeTemporal } from './servers.ts'

export async function setup(project: TestProject): Promise<void> {
  project.provide('temporal', await takeTemporal())
}

export const teardown = letGo
