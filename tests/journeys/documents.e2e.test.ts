import { createHash } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { armFaults } from '#db/fault.ts'
import { decide, stamp } from '../setup/browser-acts.ts'
import { disguised, onePagePdf, scan, tooLarge, type ChosenFile } from '../setup/browser-files.ts'
import { seriousFindings, settle, strayWords, switchTheme } from '../setup/browser-looks.ts'
import { openOffice } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })
const MEGABYTE = 1024 * 1024
const sha256 = ({ buffer }: ChosenFile): string => createHash('sha256').update(buffer).digest('hex')

describe('the papers of an application at the counter', () => {
  const [identity, contract] = [scan('身份证正反面.png'), onePagePdf('购房合同.pdf')]
  let cast: LoanCast
  let caseId: string
  let page: Page
  beforeAll(async () => {
    cast = new LoanCast(office.house)
    caseId = await cast.submit('approved-single')
    page = await office.sit(cast.numberOf('INTAKE'), `/cases/${caseId}?tab=documents`)
  }, 60_000)

  test('the checklist names what is required before anything is there', async () => {
    await row('身份证明').getByText('未上传').waitFor()
    await row('购房合同').getByText('未上传').waitFor()
    await original().getByText('尚未上传材料').waitFor()
  })

  test('a picture is taken in for the first line that lacks one, and stands beside the list with its digest', async () => {
    await choose(identity)
    await row('身份证明').getByText('身份证正反面.png').waitFor()
    await original()
      .getByText(`SHA-256 ${sha256(identity)}`)
      .waitFor()
    const picture = original().getByRole('img', { name: '身份证明' })
    await expect.poll(() => picture.evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth)).toBe(200)
  })

  test('a PDF goes to the line that was chosen, and is shown in the same place', async () => {
    await page.getByRole('combobox', { name: '材料名称' }).click()
    await page.getByRole('option', { name: '购房合同（网签备案）' }).click()
    await choose(contract)
    await original()
      .getByText(`SHA-256 ${sha256(contract)}`)
      .waitFor()
    const frame = original().locator('iframe[title="购房合同（网签备案）"]')
    const answer = await page.request.get((await frame.getAttribute('src')) ?? '')
    expect([answer.status(), answer.headers()['content-type'], await answer.body()]).toEqual([200, 'application/pdf', contract.buffer])
    // Back to the first with one click.
    await row('身份证明').getByRole('button', { name: '身份证明', exact: true }).click()
    await original().getByRole('img', { name: '身份证明' }).waitFor()
  })

  test('what only calls itself a PDF is refused by its content, what is too large by its size, each under its name', async () => {
    await choose(disguised('收入证明.pdf'), tooLarge('首付款凭证.png', 11 * MEGABYTE))
    const refusals = page.getByRole('tabpanel').getByRole('alert')
    await expect
      .poll(() => refusals.allInnerTexts(), { timeout: 20_000 })
      .toEqual([
        expect.stringMatching(/^收入证明\.pdf：只接受 PDF、JPEG、PNG、WebP；按文件内容判断/),
        '首付款凭证.png：单个文件不超过 10 MB',
      ])
    await row('收入证明').getByText('未上传').waitFor()
    expect((await cast.see('INTAKE', caseId)).documents).toHaveLength(2)
  })

  test('one whose answer is lost is told as such; sent again it is there once, and nothing else that was chosen is forgotten', async () => {
    armFaults(Array.from({ length: 6 }, (_, n) => `desk-command.before-reply#${n + 1}=reply-lost`).join())
    const proof = onePagePdf('首付款凭证.pdf')
    const refusal = page.getByRole('tabpanel').getByRole('alert').filter({ hasText: '首付款凭证.pdf' })
    try {
      await page.getByRole('combobox', { name: '材料名称' }).click()
      await page.getByRole('option', { name: '首付款凭证' }).click()
      await choose(proof)
      await refusal.getByText('首付款凭证.pdf：没有应答。尚不清楚是否已收到，请重传；不会重复收件。').waitFor()
    } finally {
      armFaults(undefined)
    }
    await choose(disguised('收入证明.pdf'))
    await refusal.waitFor()
    await refusal.getByRole('button', { name: '重传 首付款凭证.pdf' }).click()
    await refusal.waitFor({ state: 'detached' })
    await row('首付款凭证').getByText('首付款凭证.pdf').waitFor()
    expect((await cast.see('INTAKE', caseId)).documents.filter(({ material }) => material === 'DOWN_PAYMENT')).toHaveLength(1)
  })

  test('each is ticked where it is looked at; what is wrong needs a word', async () => {
    await row('购房合同')
      .getByRole('button', { name: /：已核$/ })
      .click()
    await row('购房合同')
      .getByRole('button', { name: /：已核$/, pressed: true })
      .waitFor()
    await row('身份证明')
      .getByRole('button', { name: /：不符$/ })
      .click()
    const dialog = page.getByRole('dialog', { name: '身份证明：不符' })
    expect(await dialog.getByRole('button', { name: '确定' }).isDisabled()).toBe(true)
    await dialog.getByLabel('说明').fill('背面缺有效期')
    await dialog.getByRole('button', { name: '确定' }).click()
    await row('身份证明')
      .getByRole('button', { name: /：不符$/, pressed: true })
      .waitFor()
    await row('身份证明').getByText('背面缺有效期').waitFor()
  })

  test('checklist and original are without a serious barrier in either theme, and in Chinese', async () => {
    const within = '[role="tabpanel"]'
    const found = [...(await seriousFindings(page, { within })), ...(await strayWords(page))]
    await switchTheme(page)
    await settle(page)
    found.push(...(await seriousFindings(page, { within, coloursOnly: true })))
    // The endings of people's own file names.
    expect(found.filter((word) => !['png', 'pdf'].includes(word))).toEqual([])
  })

  test('whoever accepts is told what is still lacking, and may bring the wrong ones into a notice with one click', async () => {
    const barred = page.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: /^受理\s*，不能办理：/ })
    const why = (await barred.textContent()) ?? ''
    for (const part of ['申请材料未提交：婚姻状况证明、收入证明', '申请材料尚未核对：首付款凭证', '申请材料核对为缺或者不符：身份证明'])
      expect(why).toContain(part)
    await decide(page, '要求补正', async (panel) => {
      await panel.getByRole('button', { name: '带入核对为缺、不符的材料（1）' }).click()
      expect(await panel.getByLabel('原因 1').inputValue()).toBe('背面缺有效期')
    })
    await stamp(page, '受理前补正').waitFor()
    await page.getByText('待补正 1 项：身份证明（背面缺有效期）').waitFor()
  })

  test('and leaves the house in order', () => office.expectOrder())

  const row = (material: string): Locator =>
    page.getByRole('table', { name: '材料清单' }).getByRole('row', { name: new RegExp(`^${material}`) })
  const original = (): Locator => page.getByRole('region', { name: '材料原件' })
  const choose = (...files: ChosenFile[]): Promise<void> => page.getByLabel('选择要上传的文件').setInputFiles([...files])
})
