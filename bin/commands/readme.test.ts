import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { exampleFacts } from '#contracts/loan-example.ts'
import { canonicalJson } from '#db/canonical.ts'
import { runCommand } from '../running.fixture.ts'

vi.setConfig({ testTimeout: 120_000 })

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anju-readme-'))
  await writeFile(join(folder, 'facts.json'), canonicalJson(exampleFacts))
})
afterAll(() => rm(folder, { recursive: true }))

/** The commands that a README shows, each with what it is said to print; a line of `…` stands for those in between. */
async function shownIn(file: string): Promise<{ name: string; args: string[]; lines: string[] }[]> {
  const text = await readFile(resolve(import.meta.dirname, '..', '..', file), 'utf8')
  return [...text.matchAll(/^```\n\$ npm run -s anju -- (\S+) (.*)\n([\s\S]*?)^```$/gm)].map(([, name = '', args = '', printed = '']) => ({
    name,
    args: args.split(' ').map((arg) => (arg.endsWith('.json') ? join(folder, arg) : arg)),
    lines: printed.split('\n').filter((line) => line.trim() !== '…'),
  }))
}

// Whoever changes a published value or a wording sees here that the first page still shows the old one.
describe.each(['README.md', 'README.zh-CN.md'])('%s', (file) => {
  test('prints what the commands print', async () => {
    const shown = await shownIn(file)
    expect(shown.map(({ name }) => name)).toEqual(['schedule', 'assess'])
    for (const { name, args, lines } of shown) {
      const { code, out } = await runCommand(name, args)
      expect(code).toBe(0)
      expect(out.split('\n')).toEqual(expect.arrayContaining(lines))
    }
  })
})
