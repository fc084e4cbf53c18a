import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { failureConverterPath } from '#api/payload-codec.ts'
import { ready } from './ready.ts'

/** `node bin/bundle.ts <file>`: bundles the workflows once, for every worker that is told of the file by `WORKFLOW_BUNDLE`. */
const file = resolve(process.argv[2] ?? 'dist/workflows.js')
const { code } = await bundleWorkflowCode({
  failureConverterPath,
  workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
  logger: { log: () => {}, trace: () => {}, debug: () => {}, info: () => {}, warn: () => {}, error: (message) => console.error(message) },
})
mkdirSync(dirname(file), { recursive: true })
// A worker that starts meanwhile reads the whole of the old one or of the new one.
writeFileSync(`${file}.${process.pid}`, code)
renameSync(`${file}.${process.pid}`, file)
ready({ bytes: code.length })
