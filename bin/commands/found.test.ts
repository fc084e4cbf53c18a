import { expect, test, vi } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { foundingFile } from '#contracts/founding.ts'
import { ENTITIES } from '#policy/scopes.ts'
import { mayFound } from '#rules/founding/may-found.ts'
import { runCommand } from '../running.fixture.ts'

vi.setConfig({ testTimeout: 120_000 })

const anju = (...args: string[]) => runCommand('found', args, { PATH: process.env['PATH'], ANJU_DATA: '/nonexistent' })

test('--example prints a complete file that a house can be founded from', async () => {
  const { code, out } = await anju('--example')
  const file = foundingFile.parse(JSON.parse(out))
  expect([code, mayFound(file, { on: plainDate('2025-11-21'), entities: ENTITIES })]).toEqual([0, []])
})

test('--help describes every field, and every post by its name', async () => {
  const { code, out } = await anju('--help')
  expect(code).toBe(0)
  for (const field of [
    'centres[].entity',
    'centres[].branches[].id',
    'centres[].banks[].depositAccount.number',
    'centres[].staff[].idNumber',
    'centres[].staff[].posts',
  ])
    expect(out).toMatch(new RegExp(`^  ${field.replaceAll(/[[\].]/g, '\\$&')}  〔.+〕 .+`, 'm'))
  expect(out).toContain('SEC_ADMIN 安全管理员')
  expect(out).toContain('xinxiang 新乡市住房公积金管理中心')
})

test('without a file it says what is missing', async () => {
  expect(await anju()).toEqual({ code: 1, out: '', err: '缺少参数 --file（--help 查看说明）\n' })
})
