import type { KeyObject } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import type { Db } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { sealLine, type Seal } from '#db/seal/head.ts'
import { parseSealLine } from '#db/seal/lines.ts'
import { lockHeads, readSeal, readSealsAfter, sealRows } from '#db/seal/seal-rows.ts'

/**
 * Seals the audit rows that are final and in no seal yet, at most ten thousand: call again until it returns undefined. Any number of
 * processes may call it; one seals, the others find nothing to do.
 * @param key ed25519, private
 * @param keyId `keyIdOf(key)`; stands in the seal, so that an old seal is checked by the key of its time
 */
export const sealAudit = (db: Db, key: KeyObject, keyId: string): Promise<Seal | undefined> =>
  transact(db, 'seal-audit', (tx) => sealRows(tx, key, keyId))

/** Whoever keeps the heads outside the database: a file on another machine's disk, a mailbox, another authority. */
export interface HeadsKeeper {
  /** The last line kept, or undefined when nothing has been. */
  last(): Promise<string | undefined>
  writeHead(line: string): Promise<void>
}

/** What has been kept outside is not what stands inside: the tail was cut, the database restored, or a seal rewritten. */
export class HeadsDisagree extends Error {
  override readonly name = 'HeadsDisagree'
}

const BATCH = 500

/**
 * Carries every seal that is not outside yet to the keeper, in order. What a crash left behind is carried by the next call.
 * @returns how many heads left; 0 also while another process carries them
 * @throws HeadsDisagree when the last head outside is not that of the seal with its number: then nothing is written
 */
export async function publishHeads(db: Db, keeper: HeadsKeeper): Promise<number> {
  return transact(db, 'publish-heads', async (tx) => {
    if (!(await lockHeads(tx))) return 0
    const lastLine = await keeper.last()
    const last = lastLine === undefined ? undefined : parseSealLine(lastLine)
    if (last && (await readSeal(tx, last.sealNo))?.head !== last.head) {
      throw new HeadsDisagree(`库外留存的第${last.sealNo}号封签与库中的不同，或库中已没有`)
    }
    let [sealNo, written] = [last?.sealNo ?? '0', 0]
    for (;;) {
      const seals = await readSealsAfter(tx, sealNo, BATCH)
      for (const seal of seals) await keeper.writeHead(sealLine(seal))
      sealNo = seals.at(-1)?.sealNo ?? sealNo
      written += seals.length
      if (seals.length < BATCH) return written
    }
  })
}

/** Keeps heads in a file that is only ever added to; its path should lie where the database's administrators cannot write. */
export function headsFile(path: string): HeadsKeeper {
  const read = () =>
    readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
  return {
    // What follows the last line break is half a line that a power cut left: it was never kept.
    last: async () =>
      (await read())
        .split('\n')
        .slice(0, -1)
        .findLast((line) => line !== ''),
    async writeHead(line) {
      const text = await read()
      await appendFile(path, text === '' || text.endsWith('\n') ? `${line}\n` : `\n${line}\n`, { flush: true })
    },
  }
}
