import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { hashesOf } from './frozen.ts'
import { readTree } from './tree.ts'

// Makes the list of frozen migrations anew. After the first release it is only ever added to: the diff of the list shows which.
const root = resolve(import.meta.dirname, '..', '..')
writeFileSync(join(root, 'migrations', 'frozen.json'), `${JSON.stringify(hashesOf(readTree(root)), null, 2)}\n`)
