import type { TestProject } from 'vitest/node'
import { letGo, takePostgres } from './servers.ts'

export async function setup(project: TestProject): Promise<void> {
  project.provide('postgres', await takePostgres())
}

export const teardown = letGo
