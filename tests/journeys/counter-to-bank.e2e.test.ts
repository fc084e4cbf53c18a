import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page, Request } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import {
  MARITAL_STATUSES,
  GUARANTEES,
  HOME_KINDS,
  HOME_PLACES,
  RECEIVING_ACCOUNTS,
  REPAYMENT_METHODS,
  RETIREMENT_CATEGORIES,
} from '#contracts/loan.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import { yuanText, type Fen } from '#contracts/money.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { decide, opinion, stamp } from '../setup/browser-acts.ts'
import { openOffice, signIn } from '../setup/browser-office.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice()
const { application } = demoApplicant('approved-single')

describe('a loan from the counter to the bank, in the browser', () => {
  let cast: LoanCast
  let caseId = ''

  test('the counter types the application, sees what the rules will say, submits and accepts it', async () => {
    cast = new LoanCast(office.house)
    const page = await signIn(await office.desk(), cast.numberOf('INTAKE'))
    await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '新建贷款申请' }).click()
    await page.getByText(/还有 \d+ 项待填写或更正/).waitFor()
    await typeApplication(page, application)
    const preCheck = section(page, '预审')
    await preCheck.getByText('符合规则', { exact: true }).waitFor()
    expect(await preCheck.innerText()).toContain('可贷 400,000.00 元')

    const lastSave = await slowLastSave(page)
    await page.getByRole('button', { name: '提交申请' }).click()
    await page.waitForURL(/\/cases\/[0-9a-f-]{36}\?tab=documents$/)
    caseId = /\/cases\/([0-9a-f-]+)/.exec(page.url())?.[1] ?? ''
    await stamp(page, '待受理').waitFor()
    await lastSave.arrived
    expect(await (await cast.person('INTAKE')).get('/api/drafts')).toEqual({ rows: [] })
    await cast.bringsMaterials(caseId)
    await decide(page, '受理')
    // The machine stages pass by themselves; the page follows without being asked.
    await stamp(page, '初审').waitFor()
  })

  test('three levels of review are three people, each at their own desk', async () => {
    const preliminary = await seatAt('PRELIMINARY_REVIEWER')
    await decide(preliminary, '初审通过', (panel) => opinion(panel).fill('材料齐全，情况属实'))
    await stamp(preliminary, '复审').waitFor()

    const reviewer = await seatAt('REVIEWER')
    await decide(reviewer, '复审通过', async (panel) => {
      expect(await panel.getByLabel('金额（元）').inputValue()).toBe('400,000')
      await panel.getByText('大写：肆拾万元整').waitFor()
    })
    await stamp(reviewer, '审批').waitFor()

    const approver = await seatAt('APPROVER')
    await decide(approver, '准予贷款', (panel) => opinion(panel).fill('同意'))
    await stamp(approver, '准予贷款').waitFor()
    expect(await approver.getByRole('main').innerText()).toContain('材料齐全，情况属实')
  })

  test('whoever has reviewed it may not pay it out, and the button says so', async () => {
    const page = await seatAt('REVIEWER')
    const barred = page.getByRole('region', { name: '办理', exact: true }).getByRole('button', { name: /，不能办理：/ })
    await barred.first().waitFor()
    expect(await barred.first().getAttribute('aria-disabled')).toBe('true')
  })

  test('signed, confirmed and secured, it is asked for, and paid with a one-time code', async () => {
    await signAndSecure(cast, caseId)
    const maker = await seatAt('DISBURSEMENT')
    await decide(maker, '申请放款')
    await stamp(maker, '待划款').waitFor()

    const cashier = await seatAt('CASHIER')
    const oneTimeCode = await cast.unspentCode('CASHIER')
    await decide(cashier, '复核并划款', (panel) => panel.getByLabel('动态口令').fill(oneTimeCode))
    await stamp(cashier, '已放款', '已办结').waitFor()

    await cashier.getByRole('tab', { name: /^划款与凭证/ }).click()
    const money = cashier.getByRole('tabpanel', { name: /^划款与凭证/ })
    await money.getByText('划款成功', { exact: true }).first().waitFor()
    await money.getByText('肆拾万元整').waitFor()
    await money.getByRole('cell', { name: /住房公积金存款专户$/ }).waitFor()
    expect(await money.getByRole('row', { name: /^合计/ }).innerText()).toMatch(/400,000\.00\s+400,000\.00/)

    // Whose books they are not in is told where they are, not that there are none.
    const counter = await seatAt('INTAKE')
    await counter.getByRole('tab', { name: /^划款与凭证/ }).click()
    await expect.poll(() => counter.getByText('划款与凭证由公积金中心掌握。', { exact: true }).count()).toBe(2)
  })

  test('the plan of repayments opens as a PDF', async () => {
    const page = await seatAt('CASHIER')
    await page.getByRole('tab', { name: /^文书/ }).click()
    const open = page.getByRole('link', { name: /^打开.*还款计划/ })
    const answered = page.context().waitForEvent('response', (response) => response.url().includes('/api/papers/'))
    const [answer] = await Promise.all([answered, open.click()])
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/pdf'])
    const paper = await page.request.get((await open.getAttribute('href')) ?? '')
    expect((await paper.body()).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('and leaves the house in order', () => office.expectOrder())

  /** The officer of the post with the case before them. */
  const seatAt = (post: string): Promise<Page> => office.sit(cast.numberOf(post), `/cases/${caseId}`)
})

/** What happens at desks outside the centre, by the same API without a browser. */
async function signAndSecure(cast: LoanCast, caseId: string): Promise<void> {
  await cast.decides('CONTRACTING', caseId, { action: 'sign', fields: { contractNumber: 'JK20250001', signedOn: '2025-11-03' } })
  await cast.reaches('CONTRACTING', caseId, 'SIGNED')
  for (const task of (await cast.see('CONTRACTING', caseId)).tasks) {
    const signer = await cast.house.signIn(cast.numberOf(task.post, task.orgName))
    expect(await signer.decide(caseId, { action: 'confirm', opinion: '核验无误' })).toMatchObject({ status: 200 })
  }
  expect(await cast.entersMortgage(caseId, 'DY20250001')).toBe('SECURED')
}

/** The last save of the draft is on its way when this returns, and reaches the server a good while after what is clicked next. @returns when it has */
async function slowLastSave(page: Page): Promise<{ readonly arrived: Promise<unknown> }> {
  await page.route('**/api/drafts/*', async (route) => {
    if (route.request().method() === 'PUT') await sleep(1_500)
    await route.continue()
  })
  const isSave = (request: Request): boolean => request.method() === 'PUT' && request.url().includes('/api/drafts/')
  const saving = page.waitForRequest(isSave)
  await section(page, '五、所购住房').getByLabel('坐落').pressSequentially('东')
  const save = await saving
  return { arrived: save.response() }
}

const section = (page: Page, title: string): Locator => page.locator('section').filter({ has: page.getByRole('heading', { name: title }) })

const amount = (fen: Fen): string => yuanText(fen)

async function choose(within: Locator, label: string, option: string): Promise<void> {
  await within.getByRole('combobox', { name: label }).click()
  await within.page().getByRole('option', { name: option, exact: true }).click()
}

/** The whole form by the labels that people read, in the order of the paper. */
async function typeApplication(page: Page, { borrower, home, ...loan }: LoanApplication): Promise<void> {
  const one = section(page, '一、借款人')
  await choose(one, '婚姻状况', MARITAL_STATUSES[loan.maritalStatus])
  await one.getByLabel('身份证号码').fill(borrower.idNumber)
  await one.getByRole('button', { name: '查询缴存情况' }).click()
  // The account fills in what it knows, and only what was empty.
  await expect.poll(() => one.getByLabel('工作单位').inputValue(), { timeout: 15_000 }).toBe(borrower.employer)
  await one.getByLabel('姓名').fill(borrower.name)
  await one.getByLabel('手机号码').fill(borrower.mobile)
  await choose(one, '退休年龄类别', RETIREMENT_CATEGORIES[borrower.retirementCategory])
  await one.getByLabel('月收入（元）').fill(amount(borrower.monthlyIncomeFen))

  const five = section(page, '五、所购住房')
  await choose(five, '住房类型', HOME_KINDS[home.kind])
  await five.getByLabel('网签备案号').fill(home.filingNumber)
  await five.getByLabel('不动产单元号').fill(home.homeNumber)
  await five.getByLabel('建筑面积（平方米）').fill(home.areaSquareMetres)
  await choose(five, '所在行政区', HOME_PLACES[home.place ?? 'OTHER'])
  await five.getByLabel('坐落').fill(home.address)
  await five.getByLabel('合同总价（元）').fill(amount(home.contractPriceFen))
  await five.getByLabel('已付首付款（元）').fill(amount(loan.downPaymentPaidFen))

  const six = section(page, '六、卖方与收款账户')
  await six.getByLabel('卖方名称').fill(home.sellerName)
  await choose(six, '收款账户类型', RECEIVING_ACCOUNTS[home.receivingAccount.kind])
  await six.getByLabel('开户银行').fill(home.receivingAccount.bankName)
  await six.getByLabel('账号').fill(home.receivingAccount.accountNumber)
  await six.getByLabel('户名').fill(home.receivingAccount.ownerName)
  await typeTerms(page, loan)
}

async function typeTerms(page: Page, loan: Omit<LoanApplication, 'borrower' | 'home'>): Promise<void> {
  const seven = section(page, '七、申请金额与期限')
  // As people write it at the counter; the words underneath say what was understood.
  await seven.getByLabel('申请金额（元）').fill(`${loan.amountFen / 1_000_000n}万`)
  await seven.getByText('肆拾万元整').waitFor()
  await seven.getByLabel('申请期限（月）').fill(String(loan.months))
  await choose(seven, '还款方式', REPAYMENT_METHODS[loan.method])

  const eight = section(page, '八、受委托银行与担保')
  await choose(eight, '受委托银行', '禾丰银行')
  await choose(eight, '担保方式', GUARANTEES[loan.guarantee.kind])

  const nine = section(page, '九、还款')
  await nine.getByLabel('还款卡开户银行').fill(loan.repaymentCard.bankName)
  await nine.getByLabel('还款卡户名').fill(loan.repaymentCard.ownerName)
  await nine.getByLabel('还款卡号').fill(loan.repaymentCard.number)
}
