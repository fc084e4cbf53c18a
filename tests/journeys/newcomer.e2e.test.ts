import type { Locator, Page } from 'playwright-core'
import { Secret, TOTP } from 'otpauth'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { maskIdNumber } from '#contracts/masking.ts'
import { turnTo } from '../setup/browser-acts.ts'
import { seriousFindings, settle, strayWords } from '../setup/browser-looks.ts'
import { openOffice } from '../setup/browser-office.ts'
import { nobodysNumber, withWrongCheckDigit } from '../setup/id-numbers.ts'

const NUMBER = nobodysNumber(1)
const WORKBENCH = '案号、姓名、证件号后四位'
const office = openOffice({})

const officer = (post: string) => office.house.logins.people.find(({ posts }) => posts.includes(post))
const codeOf = (secret: string | null | undefined): string => new TOTP({ secret: Secret.fromBase32(secret ?? '') }).generate()
/** Every code of the house counts anew. */
const forgetCodes = () => sql`delete from spent_one_time_code`.execute(office.house.owner)

async function open(path: string): Promise<Page> {
  const page = await office.desk()
  await page.goto(path)
  return page
}

/** Logs an officer in on a page of theirs, where no demo fills anything in. */
async function openAs(post: string, path: string): Promise<Page> {
  await forgetCodes()
  const page = await open(path)
  await page.getByLabel('工号').fill(officer(post)?.staffNumber ?? '')
  await page.getByLabel('密码', { exact: true }).fill(office.house.logins.password)
  await page.getByLabel('动态口令').fill(codeOf(officer(post)?.totpSecret))
  await page.getByRole('button', { name: '登录', exact: true }).click()
  // Whoever goes on before the answer is there goes on as nobody.
  await page.getByRole('button', { name: WORKBENCH }).waitFor()
  return page
}

const looksRight = async (page: Page, told = ''): Promise<void> => {
  await settle(page)
  const words = (await strayWords(page)).filter((word) => !told.includes(word))
  expect([...(await seriousFindings(page)), ...words]).toEqual([])
}

test('a new cashier is proposed, confirmed, told her initial password, and comes in with one of her own', async () => {
  const admin = await openAs('SYS_ADMIN', '/staff')
  await admin.getByRole('button', { name: '人员入职' }).click()
  const dialog = admin.getByRole('dialog', { name: '提出人员入职' })
  await dialog.getByLabel('工号').fill('q7001')
  await dialog.getByLabel('姓名').fill('白新竹')
  await dialog.getByLabel('身份证号码').fill(withWrongCheckDigit(NUMBER))
  await dialog.getByText('身份证号码末位校验码不符，请与证件逐位核对').waitFor()
  await dialog.getByLabel('身份证号码').fill(NUMBER)
  await dialog.getByText('女，1990-03-07 出生').waitFor()
  await dialog.getByLabel('其他工作单位').fill('安居示范')
  await admin
    .getByRole('option', { name: /安居示范机械有限公司/ })
    .first()
    .click()
  await dialog.getByLabel('岗位').click()
  await admin.getByRole('option', { name: '资金结算岗' }).click()
  await dialog.getByLabel('理由').fill('人事科〔2025〕12号，新入职')
  await looksRight(admin)
  await dialog.getByRole('button', { name: '提出', exact: true }).click()
  await admin.waitForURL(/\/cases\//)
  const path = new URL(admin.url()).pathname

  const page = await openAs('SEC_ADMIN', path)
  for (const words of ['白新竹（Q7001）', maskIdNumber(NUMBER), /安居示范机械有限公司$/])
    await page.getByRole('tabpanel').getByText(words).waitFor()
  expect(await page.content()).not.toContain(NUMBER)
  await looksRight(page)
  await forgetCodes()
  await page.getByRole('button', { name: '确认生效' }).click()
  const panel = page.locator('form', { hasText: '此操作涉及资金或权限' })
  await panel.getByLabel('动态口令').fill(codeOf(officer('SEC_ADMIN')?.totpSecret))
  await panel.getByRole('button', { name: '确认生效' }).click()
  await page.getByRole('button', { name: '显示初始密码' }).waitFor()

  // Whoever proposed it has nothing to show.
  await admin.reload()
  await admin.getByText('涉及人员现状').waitFor()
  expect(await admin.getByRole('button', { name: '显示初始密码' }).count()).toBe(0)
  await page.getByRole('button', { name: '显示初始密码' }).click()
  await page.getByText('请当面交给本人，本页关闭后不再显示').waitFor()
  const initial = (await page.locator('code').first().textContent()) ?? ''
  expect(initial).toMatch(/^\w{16,}$/)
  await looksRight(page, initial)
  await page.reload()
  await page.getByText('涉及人员现状').waitFor()
  expect(await page.content()).not.toContain(initial)

  const hers = await open('/login')
  await hers.getByLabel('工号').fill('Q7001')
  await hers.getByLabel('密码', { exact: true }).fill(initial)
  await hers.getByRole('button', { name: '登录', exact: true }).click()
  await hers.getByRole('heading', { name: '设置新密码' }).waitFor()
  await hers.getByLabel('新密码', { exact: true }).fill('aaaaaaaaaaaaaaaa')
  await hers.getByLabel('再次输入新密码').fill('aaaaaaaaaaaaaaaa')
  await hers.getByRole('button', { name: '设置新密码' }).click()
  await hers.getByText('新密码过于单一').waitFor()
  await looksRight(hers)
  await hers.getByLabel('新密码', { exact: true }).fill('seven quiet herons')
  await hers.getByLabel('再次输入新密码').fill('seven quiet herons')
  await hers.getByRole('button', { name: '设置新密码' }).click()
  await hers.getByRole('heading', { name: '启用动态口令' }).waitFor()
  const secret = ((await hers.locator('code').textContent()) ?? '').replaceAll(' ', '')
  await hers.getByLabel('动态口令', { exact: true }).fill(codeOf(secret))
  await hers.getByRole('button', { name: '启用并登录' }).click()
  await hers.getByRole('button', { name: WORKBENCH }).waitFor()
}, 240_000)

test('a borrower’s sister is declared as such, and somebody lent to the house with her own unit, each read covered by the second person', async () => {
  const admin = await office.sit(officer('SYS_ADMIN')?.staffNumber ?? '', '/staff')
  const { name = '', staffNumber = '' } = officer('RISK') ?? {}
  const ask = async (change: string) => {
    if (!admin.url().endsWith('/staff')) await turnTo(admin, '/staff')
    await admin.getByLabel('姓名、工号、机构').fill(staffNumber)
    await admin.getByRole('button', { name: `提出变更：${name}` }).click()
    const dialog = admin.getByRole('dialog', { name: `提出变更：${name}（${staffNumber}）` })
    await dialog.getByRole('combobox', { name: '变更' }).click()
    await admin.getByRole('option', { name: change, exact: true }).click()
    return dialog
  }
  const proposed = async (dialog: Locator): Promise<Page> => {
    await dialog.getByLabel('理由').fill('人事科来函，证件已核验')
    await looksRight(admin)
    await dialog.getByRole('button', { name: '提出', exact: true }).click()
    await admin.waitForURL(/\/cases\//)
    return office.sit(officer('SEC_ADMIN')?.staffNumber ?? '', new URL(admin.url()).pathname)
  }

  const relative = await ask('登记近亲属')
  await relative.getByLabel('亲属关系').click()
  await admin.getByRole('option', { name: '兄弟姐妹' }).click()
  await relative.getByLabel('近亲属的身份证号码').fill(nobodysNumber(2))
  const first = await proposed(relative)
  for (const words of ['登记近亲属', '兄弟姐妹', maskIdNumber(nobodysNumber(2))])
    await first.getByRole('tabpanel').getByText(words, { exact: true }).waitFor()
  await looksRight(first)

  const particulars = await ask('变更回避信息')
  await particulars.getByLabel('理由').fill('人事科来函')
  expect(await particulars.getByRole('button', { name: '提出', exact: true }).isDisabled(), 'nothing to change').toBe(true)
  await particulars.getByLabel('其他工作单位').click()
  await admin.getByRole('option', { name: '登记单位' }).click()
  await particulars.getByLabel('单位', { exact: true }).fill('没有这样的单位')
  await admin.getByText('没有此单位').waitFor()
  await particulars.getByLabel('单位', { exact: true }).fill('安居示范')
  await admin.getByRole('option', { name: /望禾区安居示范机械有限公司/ }).click()
  const second = await proposed(particulars)
  await second.getByRole('tabpanel').getByText('望禾区安居示范机械有限公司', { exact: true }).waitFor()
  await looksRight(second)
}, 240_000)

test('and the house is in order', () => office.expectOrder())
