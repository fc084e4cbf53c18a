import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import type { TestProject } from 'vitest/node'
import { failureConverterPath } from '#api/payload-codec.ts'
import { letGo, takeTemporal } from './servers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the workflow bundle, made once per run. */
    workflowBundle: string
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('temporal', await takeTemporal())
  const { code } = await bundleWorkflowCode({
    failureConverterPath,
    workflowsPath: fileURLToPath(new URL('../../workflows/index.ts', import.meta.url)),
    logger: { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: (message) => console.error(message) },
  })
  const path = join(await mkdtemp(join(tmpdir(), 'anju-bundle-')), 'workflows.js')
  await writeFile(path, code)
  project.provide('workflowBundle', path)
}

export const teardown = letGo
