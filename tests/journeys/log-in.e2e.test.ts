import type { Page } from 'playwright-core'
import { Secret, TOTP } from 'otpauth'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { spawnProvider, type ProviderProcess } from '../access/spawned-provider.ts'
import { visit } from '../access/visitor.ts'
import { seriousFindings, settle, strayWords, switchTheme } from '../setup/browser-looks.ts'
import { closeDesks, newDesk } from '../setup/browser.ts'
import { freePort } from '../setup/free-port.ts'
import { startHouse, type House } from '../setup/house.ts'

const CLIENT = { clientId: 'anju', clientSecret: 'a secret of the two houses' }
const [WORKBENCH, PLACE] = ['案号、姓名、证件号后四位', '/todo?kind=loan']
let house: House
let provider: ProviderProcess
beforeAll(async () => {
  // Another name, another site: the way back is a navigation that no strict cookie of ours comes along with.
  const issuer = `http://localhost:${await freePort()}`
  house = await startHouse({
    consoleFolder: inject('consoleFolder'),
    oidc: { issuer, ...CLIENT },
  })
  provider = await spawnProvider({ issuer, ...CLIENT, redirectUri: `${house.origin}/login` })
}, 180_000)
afterAll(async () => {
  await closeDesks()
  await provider?.kill()
  await house?.end()
}, 60_000)

const numberOf = (post: string): string => house.logins.people.find(({ posts }) => posts.includes(post))?.staffNumber ?? ''
const secretOf = (staffNumber: string): string => house.logins.people.find((one) => one.staffNumber === staffNumber)?.totpSecret ?? ''
const codeOf = (secret: string): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate()
const idOf = async (staffNumber: string): Promise<string> =>
  (await house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', staffNumber).executeTakeFirstOrThrow()).staff_id

async function open(path = '/login'): Promise<Page> {
  const context = await newDesk(house.origin)
  const page = await context.newPage()
  await page.goto(path)
  return page
}

/** At our door: number and password typed, as where no demo fills them in. */
async function typeIn(page: Page, staffNumber: string, password = house.logins.password): Promise<void> {
  await page.getByLabel('工号').fill(staffNumber)
  await page.getByLabel('密码').fill(password)
  await page.getByRole('button', { name: '登录', exact: true }).click()
}

/** At the other house's own page. */
async function vouchFor(page: Page, subject: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(subject)
  await page.getByPlaceholder('and password').fill('anything')
  await page.getByRole('button', { name: 'Sign-in' }).click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

async function bind(staffNumber: string, subject: string): Promise<void> {
  const [proposer, confirmer] = [await visit(house, numberOf('SYS_ADMIN')), await visit(house, numberOf('SEC_ADMIN'))]
  const proposed = await proposer.command('POST', '/api/staff-changes', {
    staffId: await idOf(staffNumber),
    change: 'BIND_IDENTITY',
    subject,
    reason: '统一身份管理',
  })
  const { caseId } = JSON.parse(proposed.text) as { caseId: string }
  await sql`delete from spent_one_time_code`.execute(house.owner)
  const oneTimeCode = codeOf(secretOf(confirmer.name))
  expect((await confirmer.command('POST', `/api/cases/${caseId}/decisions`, { action: 'confirm', oneTimeCode })).status).toBe(200)
  await sql`delete from spent_one_time_code`.execute(house.owner)
}

const looksRight = async (page: Page, { secret = '' } = {}): Promise<void> => {
  await settle(page)
  const words = (await strayWords(page)).filter((word) => !secret.includes(word))
  expect([...(await seriousFindings(page)), ...words]).toEqual([])
}

describe('by the identity provider', () => {
  test('a reviewer who is asked in on a page of hers goes away, comes back and is on that page; nothing of the way stays in the address', async () => {
    await bind(numberOf('REVIEWER'), 'reviewer-one')
    const page = await open(PLACE)
    await looksRight(page)
    await page.getByRole('button', { name: '统一身份认证登录' }).click()
    await vouchFor(page, 'reviewer-one')
    await page.getByRole('button', { name: WORKBENCH }).waitFor()
    expect(page.url().slice(house.origin.length)).toBe(PLACE)
    await page.reload()
    await page.getByRole('button', { name: WORKBENCH }).waitFor()
  })

  test('a cashier gives our one-time code besides', async () => {
    await bind(numberOf('CASHIER'), 'cashier-one')
    const page = await open()
    await page.getByRole('button', { name: '统一身份认证登录' }).click()
    await vouchFor(page, 'cashier-one')
    await page.getByText('请再输入本系统的动态口令').waitFor()
    expect(page.url()).toBe(`${house.origin}/login`)
    await looksRight(page)
    await page.getByLabel('动态口令').fill(codeOf(secretOf(numberOf('CASHIER'))))
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('button', { name: WORKBENCH }).waitFor()
  })

  test('a stranger is told what to do, and the other way in is still there', async () => {
    const page = await open()
    await page.getByRole('button', { name: '统一身份认证登录' }).click()
    await vouchFor(page, 'a-stranger')
    await page.getByText('此统一身份账号尚未与本系统人员绑定').waitFor()
    await looksRight(page)
    await typeIn(page, numberOf('REVIEWER'))
    await page.getByRole('button', { name: WORKBENCH }).waitFor()
  })
})

test('a treasurer without codes is led to enrolment, sees the secret once, and is in', async () => {
  const staffNumber = numberOf('TREASURY')
  await house.owner.updateTable('staff').set({ totp_secret_enc: null }).where('staff_number', '=', staffNumber).execute()
  const page = await open()
  await typeIn(page, staffNumber)
  await page.getByRole('heading', { name: '启用动态口令' }).waitFor()
  const image = page.getByRole('img', { name: '动态口令密钥的二维码' })
  expect(await image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0)
  const secret = ((await page.locator('code').textContent()) ?? '').replaceAll(' ', '')
  await looksRight(page, { secret })
  const wrong = codeOf(secret) === '000000' ? '111111' : '000000'
  await page.getByLabel('动态口令', { exact: true }).fill(wrong)
  await page.getByRole('button', { name: '启用并登录' }).click()
  await page.getByText('动态口令不正确或已使用').waitFor()
  await page.getByLabel('动态口令', { exact: true }).fill(codeOf(secret))
  await page.getByRole('button', { name: '启用并登录' }).click()
  await page.getByRole('button', { name: WORKBENCH }).waitFor()
})

test('an officer changes her password from her own box, and comes in with the new one', async () => {
  const staffNumber = numberOf('APPROVER')
  const page = await open()
  await typeIn(page, staffNumber)
  await page.getByRole('button', { name: WORKBENCH }).waitFor()
  await switchTheme(page)
  const name = house.logins.people.find((one) => one.staffNumber === staffNumber)?.name ?? ''
  await page.getByRole('button', { name: new RegExp(name) }).click()
  await page.getByRole('button', { name: '修改密码' }).click()
  const dialog = page.getByRole('dialog', { name: '修改密码' })
  await dialog.getByLabel('原密码').fill('wrong')
  await dialog.getByLabel('新密码', { exact: true }).fill('seven quiet herons')
  await dialog.getByLabel('再次输入新密码').fill('seven quiet heron')
  await dialog.getByText('两次输入的新密码不一致').waitFor()
  await dialog.getByLabel('再次输入新密码').fill('seven quiet herons')
  await dialog.getByRole('button', { name: '修改' }).click()
  await dialog.getByText('原密码不正确').waitFor()
  await looksRight(page)
  await dialog.getByLabel('原密码').fill(house.logins.password)
  await dialog.getByRole('button', { name: '修改' }).click()
  await page.getByText('密码已修改').waitFor()
  const elsewhere = await open()
  await typeIn(elsewhere, staffNumber, 'seven quiet herons')
  await elsewhere.getByRole('button', { name: WORKBENCH }).waitFor()
})
