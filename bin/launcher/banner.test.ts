import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { banner } from './banner.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'anju-banner-'))
afterAll(() => rmSync(dataFolder, { recursive: true }))

const facts = {
  consoleUrl: 'http://127.0.0.1:8081',
  apiDocsUrl: 'http://127.0.0.1:8081/api/docs',
  temporalUiUrl: 'http://127.0.0.1:8233',
  dataFolder,
  seconds: 4.26,
}

test('the banner names every address, the data folder, the warning, and how to stop', () => {
  const text = banner(facts, false)
  for (const word of ['4.3 秒', facts.consoleUrl, facts.apiDocsUrl, facts.temporalUiUrl, dataFolder, '演示数据', 'Ctrl-C 停止'])
    expect(text).toContain(word)
  expect(text).not.toContain('演示登录')
  expect(text).not.toContain('\u001b')
})

test('at a terminal it has colours, and the warning is red', () => {
  expect(banner(facts, true)).toContain('\u001b[31m  演示数据')
})

test('the log-ins that the seed wrote are shown: the password, and one person for each post', () => {
  const person = (staffNumber: string, name: string, ...posts: string[]) => ({
    staffNumber,
    name,
    orgName: '市中心',
    posts,
    totpSecret: null,
  })
  const people = [
    person('1001', '王芳', 'PRELIMINARY_REVIEWER'),
    person('1002', '李强', 'PRELIMINARY_REVIEWER'),
    person('1003', '赵敏', 'REVIEWER'),
  ]
  writeFileSync(join(dataFolder, 'demo-logins.json'), JSON.stringify({ password: 'anju-demo', people }))
  const text = banner(facts, false)
  expect(text).toContain('口令 anju-demo')
  expect(text).toContain('共 3 人')
  expect(text).toContain('1001　初审岗　市中心　王芳')
  expect(text).toContain('1003　复审岗　市中心　赵敏')
  expect(text).not.toContain('李强')
})

test('an external engine has no page of ours', () => {
  expect(banner({ ...facts, temporalUiUrl: undefined }, false)).not.toContain('流程引擎')
})
