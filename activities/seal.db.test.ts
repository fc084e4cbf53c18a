import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect } from '#db/connect.ts'
import { armFaults, PlannedFault } from '#db/fault.ts'
import { factOf, openArchive, type Archive } from '#db/seal/archive.fixture.ts'
import { headOf, isSignedBy, keyIdOf, NO_HEAD, publicHalf } from '#db/seal/head.ts'
import { parseSealLine } from '#db/seal/lines.ts'
import { appendAudit } from '#db/write/audit.ts'
import { headsFile, HeadsDisagree, publishHeads, sealAudit } from './seal.ts'

let archive: Archive
beforeEach(async () => {
  archive = await openArchive()
})
afterEach(() => (armFaults(undefined), archive.end()))

const sealNow = () => sealAudit(archive.work, archive.key, keyIdOf(archive.key))
const sealOnce = () => archive.settled().then(sealNow)
const sealedIn = async (): Promise<(bigint | null)[]> =>
  (await archive.work.selectFrom('audit_row').select('sealed_in').orderBy('audit_id').execute()).map((row) => row.sealed_in)

describe('sealing', () => {
  test('an archive without rows needs no seal', async () => {
    expect(await sealOnce()).toBeUndefined()
  })

  test('every row is in one seal; what is sealed is not sealed again; seals are chained and signed', async () => {
    await archive.append('case/a', 'case/a', 'desk/b')
    const first = await sealOnce()
    expect(await sealOnce()).toBeUndefined()
    await archive.append('case/a')
    const second = await sealOnce()
    expect(await sealedIn()).toEqual([1n, 1n, 1n, 2n])
    expect([first?.sealNo, first?.rowCount, first?.prevHead]).toEqual(['1', 3, NO_HEAD])
    expect([second?.sealNo, second?.rowCount, second?.prevHead]).toEqual(['2', 1, first?.head])
    for (const seal of [first, second]) {
      if (!seal) throw new Error('no seal')
      expect(headOf(seal)).toBe(seal.head)
      expect(isSignedBy(seal, publicHalf(archive.key))).toBe(true)
    }
  })

  test('many processes at once seal each row once', async () => {
    await archive.append('case/a', 'case/b', 'case/c', 'case/a')
    await archive.settled()
    const seals = await Promise.all(Array.from({ length: 8 }, sealNow))
    expect(seals.filter((seal) => seal !== undefined)).toHaveLength(1)
    expect(await sealedIn()).toEqual([1n, 1n, 1n, 1n])
  })

  test('a process that dies at it seals nothing, or all of it: the next goes on from there', async () => {
    await archive.append('case/a', 'case/b')
    armFaults('seal-audit.before-commit#1=throw')
    await expect(sealOnce()).rejects.toThrow(PlannedFault)
    expect(await sealedIn()).toEqual([null, null])
    armFaults('seal-audit.after-commit#1=throw')
    await expect(sealOnce()).rejects.toThrow(PlannedFault)
    expect(await sealedIn()).toEqual([1n, 1n])
    expect(await sealOnce()).toBeUndefined()
    await archive.append('case/a')
    expect((await sealOnce())?.sealNo).toBe('2')
    expect(await sealedIn()).toEqual([1n, 1n, 2n])
  })

  test('what came after a transaction that is still running waits for it, and then nothing is left out', async () => {
    const slow = connect(archive.database.workUrl, { max: 1 })
    const arrived = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const running = slow.transaction().execute(async (tx) => {
      await appendAudit(tx, factOf('case/slow'))
      arrived.resolve()
      await goOn.promise
    })
    await arrived.promise
    await archive.append('case/quick')
    expect(await sealNow()).toBeUndefined()
    goOn.resolve()
    await running
    await slow.destroy()
    expect((await sealOnce())?.rowCount).toBe(2)
    expect(await sealedIn()).toEqual([1n, 1n])
  })

  test('rows of a copy restored into another cluster are sealed, although their transactions lie ahead of its own', async () => {
    await archive.append('case/a')
    await sql`update audit_row set xid = '9000000000000'::xid8`.execute(archive.superuser)
    expect((await sealNow())?.rowCount).toBe(1)
  })

  test('nobody but the working role seals, and nobody alters a seal', async () => {
    await archive.append('case/a')
    await archive.settled()
    const desk = connect(archive.database.deskUrl, { max: 1 })
    await expect(sealAudit(desk, archive.key, 'key')).rejects.toThrow(/permission denied/)
    await desk.destroy()
    await sealOnce()
    await expect(archive.work.updateTable('audit_seal').set({ head: 'other' }).execute()).rejects.toThrow(/permission denied/)
    await expect(archive.work.updateTable('audit_row').set({ hash: 'other' }).execute()).rejects.toThrow(/permission denied/)
  })
})

describe('heads leave the database', () => {
  test('each once and in order; a process that dies in between is made up for', async () => {
    for (let batch = 0; batch < 3; batch++) {
      await archive.append('case/a')
      await sealOnce()
    }
    const { heads, keeper } = archive
    const dying = {
      ...keeper,
      writeHead: async (line: string) => (heads.length === 1 ? Promise.reject(new Error('no room')) : keeper.writeHead(line)),
    }
    await expect(publishHeads(archive.work, dying)).rejects.toThrow('no room')
    expect(await publishHeads(archive.work, keeper)).toBe(2)
    expect(await publishHeads(archive.work, keeper)).toBe(0)
    expect(heads.map((line) => parseSealLine(line).sealNo)).toEqual(['1', '2', '3'])
  })

  test('and not again after a process has died with all of them written', async () => {
    for (const plan of ['publish-heads.before-commit#1=throw', 'publish-heads.after-commit#1=throw']) {
      await archive.append('case/a')
      await sealOnce()
      armFaults(plan)
      await expect(publishHeads(archive.work, archive.keeper)).rejects.toThrow(PlannedFault)
      expect(await publishHeads(archive.work, archive.keeper)).toBe(0)
    }
    expect(archive.heads.map((line) => parseSealLine(line).sealNo)).toEqual(['1', '2'])
  })

  test('a database that was set back is noticed before anything is written', async () => {
    await archive.append('case/a')
    await archive.seal()
    await archive.append('case/a')
    await archive.seal()
    await sql`delete from audit_seal where seal_no = 2`.execute(archive.superuser)
    await expect(publishHeads(archive.work, archive.keeper)).rejects.toThrow(HeadsDisagree)
    // The next seal takes the number again, with another content.
    await sql`update audit_row set sealed_in = null where sealed_in = 2`.execute(archive.superuser)
    await archive.append('case/a')
    await sealOnce()
    await expect(publishHeads(archive.work, archive.keeper)).rejects.toThrow(/第2号封签/)
    expect(archive.heads).toHaveLength(2)
  })

  test('a file only grows, and half a line that a power cut left is closed off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'anju-heads-'))
    const path = join(folder, 'heads.txt')
    try {
      await archive.append('case/a')
      await sealOnce()
      expect(await publishHeads(archive.work, headsFile(path))).toBe(1)
      await appendFile(path, '{"kind":"se')
      await archive.append('case/a')
      await sealOnce()
      expect(await publishHeads(archive.work, headsFile(path))).toBe(1)
      const lines = (await readFile(path, 'utf8')).split('\n')
      expect(lines).toHaveLength(4)
      expect([lines[0], lines[2]].map((line) => parseSealLine(line ?? '').sealNo)).toEqual(['1', '2'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
