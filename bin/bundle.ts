import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { ready } from './ready.ts'
import { bundleWorkflows } from './workflow-bundle.ts'

/** `node bin/bundle.ts <file>`: bundles the workflows once, for every worker that is told of the file by `WORKFLOW_BUNDLE`. */
const file = resolve(process.argv[2] ?? 'dist/workflows.js')
const code = await bundleWorkflows()
mkdirSync(dirname(file), { recursive: true })
// A worker that starts meanwhile reads the whole of the old one or of the new one.
writeFileSync(`${file}.${process.pid}`, code)
renameSync(`${file}.${process.pid}`, file)
ready({ bytes: code.length })
