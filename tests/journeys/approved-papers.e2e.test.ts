import { beforeAll, describe, expect, test } from 'vitest'
import { decide, opinion, stamp } from '../setup/browser-acts.ts'
import { scan } from '../setup/browser-files.ts'
import { openOffice } from '../setup/browser-office.ts'
import { printed } from '../setup/browser-papers.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice({ openCases: 0 })
let cast: LoanCast
beforeAll(() => {
  cast = new LoanCast(office.house)
})

describe('the papers of a case that is approved', () => {
  let caseId: string

  test('say in Chinese what was handed in and what was granted, in figures and in words, with a code to check them by', async () => {
    caseId = await cast.submit('approved-single')
    const clerk = await office.sit(cast.numberOf('INTAKE'), `/cases/${caseId}?tab=documents`)
    await clerk.getByRole('row', { name: /^身份证明\s+未上传/ }).waitFor()
    await clerk.getByLabel('选择要上传的文件').setInputFiles([scan('身份证.png')])
    await clerk.getByRole('row', { name: /^身份证明.*身份证\.png/ }).waitFor()
    await cast.bringsMaterials(caseId)
    await decide(clerk, '受理')
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '资料齐全' })
    const terms = await cast.granted(caseId)
    await cast.decides('REVIEWER', caseId, { action: 'pass', terms })
    await cast.decides('APPROVER', caseId, { action: 'approve', terms, opinion: '同意' })
    await stamp(clerk, '准予贷款').waitFor()
    await clerk.getByRole('tab', { name: /^文书/ }).click()
    const receipt = await printed(clerk, '受理回执')
    for (const part of ['周景行', '身份证明', '审批时限的计算单位']) expect(receipt.text).toContain(part)
    const approval = await printed(clerk, '准予贷款通知书')
    for (const part of ['人民币肆拾万元整', '400,000.00', '等额本息', '内容校验码']) expect(approval.text).toContain(part)
    expect([...receipt.invisible, ...approval.invisible]).toEqual([])
    // Opened once, its digest stands beside it.
    await clerk.reload()
    await clerk.getByRole('row', { name: /^受理回执.*[0-9a-f]{12}…/ }).waitFor()
    await clerk.getByRole('tab', { name: '申请与事实' }).click()
    await clerk.getByText('审批、合同与担保', { exact: true }).waitFor()
    await clerk.getByText('尚未面签').waitFor()
  })

  test('and are what the bank countersigns by: the terms and the contract, and nobody’s particulars', async () => {
    await cast.decides('CONTRACTING', caseId, { action: 'sign', fields: { contractNumber: 'JK20250088', signedOn: '2025-11-03' } })
    const bank = (await cast.see('CONTRACTING', caseId)).tasks.find(({ post }) => post === 'BANK_CHECKER')
    const page = await office.sit(cast.numberOf('BANK_CHECKER', bank?.orgName), `/cases/${caseId}`)
    const facts = page.getByRole('tabpanel')
    for (const words of ['JK20250088', '肆拾万元整', '2.60%', '等额本息']) await facts.getByText(words, { exact: true }).waitFor()
    await facts.getByText(/^申请表、当事人信息和联网核验结果由受理机构保管/).waitFor()
    expect(await facts.innerText()).not.toMatch(/身份证|手机号码|周\*行/)
    await page.getByRole('tab', { name: /^文书/ }).click()
    expect((await printed(page, '准予贷款通知书')).text).toContain('人民币肆拾万元整')
    await decide(page, '确认', (panel) => opinion(panel).fill('合同要件齐全'))
    const { timeline } = await cast.see('CONTRACTING', caseId)
    expect(timeline.map(({ opinion: words }) => words)).toContain('合同要件齐全')
  })

  test('and the house is in order', () => office.expectOrder())
})
