import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { createRandom, type Random } from '#db/seed/random.ts'
import { badge, listTotal, openPanel, opinion, turnTo } from '../setup/browser-acts.ts'
import { openOffice, signIn } from '../setup/browser-office.ts'
import type { Browser as Person } from '../setup/http-client.ts'
import { LoanCast } from './loan-cast.ts'

const office = openOffice()
let cast: LoanCast
let page: Page
beforeAll(async () => {
  cast = new LoanCast(office.house)
  page = await office.sit(cast.numberOf('INTAKE'))
}, 60_000)

describe('what an officer had before them is there again', () => {
  test('a list with its filter is an address: after F5, and at the desk of whoever gets it sent', async () => {
    await page.goto('/cases')
    const all = await settledTotal(page)
    await page.getByRole('combobox', { name: '环节' }).click()
    await page.getByRole('option', { name: '待受理', exact: true }).click()
    await page.getByRole('button', { name: '查询', exact: true }).click()
    await page.waitForURL(/filter=/)
    await expect.poll(() => listTotal(page), { timeout: 10_000 }).toBeLessThan(all)
    const few = await listTotal(page)
    await page.reload()
    expect(await settledTotal(page)).toBe(few)
    expect(await page.getByRole('combobox', { name: '环节' }).innerText()).toBe('待受理')

    const colleague = await office.sit(otherHolder('INTAKE'), page.url())
    expect(await settledTotal(colleague)).toBe(few)
    await colleague.close()
  })

  test('the open tab of a case', async () => {
    await page.locator('[data-case-link]').first().click()
    await page.getByRole('tab', { name: '流转' }).click()
    const address = page.url()
    await page.reload()
    await page.getByRole('tab', { name: '流转', selected: true }).waitFor()
    expect(page.url()).toBe(address)
  })

  test('a form that was never submitted', async () => {
    await turnTo(page, '/loan/create')
    await page.getByLabel('坐落').fill('望禾区安禾大道一号')
    await page.getByText(/^草稿已保存/).waitFor()
    await page.waitForURL(/\?draft=[0-9a-f-]{36}$/)
    await page.reload()
    await page.getByLabel('坐落').waitFor()
    expect(await page.getByLabel('坐落').inputValue()).toBe('望禾区安禾大道一号')
    // And at any other desk of the house.
    const elsewhere = await office.sit(cast.numberOf('INTAKE'), page.url(), 'second desk')
    await elsewhere.getByLabel('坐落').waitFor()
    expect(await elsewhere.getByLabel('坐落').inputValue()).toBe('望禾区安禾大道一号')
    await elsewhere.close()
  })

  test('an opinion that was not sent', async () => {
    const caseId = await cast.submit('approved-single')
    await turnTo(page, `/cases/${caseId}`)
    await opinion(await openPanel(page, '不予受理')).fill('不属自住，待核')
    await page.reload()
    expect(await opinion(await openPanel(page, '不予受理')).inputValue()).toBe('不属自住，待核')
  })

  test('whose session has ended is told so where they come in again', async () => {
    await page.context().clearCookies()
    await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '已办' }).click()
    await page.getByText('登录已失效：已超过时限、已退出，或者权限、密码有变更。请重新登录。').waitFor()
    await signIn(page, cast.numberOf('INTAKE'))
  })

  test('columns and saved queries survive log-out and go with the person to another computer', async () => {
    await turnTo(page, '/todo')
    await settledTotal(page)
    const column = page.getByRole('columnheader', { name: '机构' })
    expect(await column.count()).toBe(0)
    await page.getByRole('button', { name: '列设置' }).click()
    await kept(page, () => page.getByRole('presentation').getByLabel('机构').click())
    await page.keyboard.press('Escape')
    await saveQuery(page, '待受理的')

    await page.getByRole('button', { name: /受理岗/ }).click()
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL('**/login')
    await signIn(page, cast.numberOf('INTAKE'))
    await turnTo(page, '/todo')
    const elsewhere = await office.sit(cast.numberOf('INTAKE'), '/todo', 'second desk')
    for (const desk of [page, elsewhere]) {
      await desk.getByRole('columnheader', { name: '机构' }).waitFor()
      await desk.getByRole('button', { name: '常用查询' }).click()
      await desk.getByRole('menuitem', { name: '待受理的' }).waitFor()
      await desk.keyboard.press('Escape')
    }
    await elsewhere.close()
  })
})

describe('badge and list', () => {
  /** Deterministic, so that a failure can be repeated. */
  const SEED = 20_251_103
  const ACTIONS = 5

  test('say the same number after whatever people did, and it is the number of the record', async () => {
    const watched = await Promise.all(['INTAKE', 'PRELIMINARY_REVIEWER', 'REVIEWER'].map((post) => watch(post)))
    await Promise.all(watched.map(expectEqualNumbers))
    const random = createRandom(SEED)
    const done: string[] = []
    for (const story of ['approved-couple', 'approved-price-differs', 'approved-second-home']) await cast.complete(story)
    for (let turn = 0; turn < ACTIONS; turn++) {
      done.push(await actAtRandom(random))
      await Promise.all(watched.map(expectEqualNumbers))
      // The machine may move a case between two readings.
      for (const { person } of watched) await vi.waitFor(() => expectEqualFigures(person), { timeout: 15_000, interval: 200 })
    }
    console.log(`badges agreed after: ${done.join('、')}`)
  })
})

describe('figures that lead somewhere', () => {
  test.each(['INTAKE', 'PRELIMINARY_REVIEWER', 'APPROVER'])(
    'each of the workbench of %s is the total of the list behind it',
    async (post) => {
      const desk = await office.sit(cast.numberOf(post))
      const tiles = desk.getByRole('main').getByRole('link', { name: /^(待办|今日到期|已超期|退回给我的|我发起|抄送未阅)\s*\d+\s*件$/ })
      await tiles.nth(5).waitFor()
      const seen: Record<string, number> = {}
      for (const words of await tiles.allInnerTexts()) {
        const [, label = '', figure = ''] = /^(\D+?)\s*(\d+)\s*件$/.exec(words) ?? []
        await desk
          .getByRole('main')
          .getByRole('link', { name: new RegExp(`^${label}\\s*\\d+\\s*件$`) })
          .click()
        expect([label, await settledTotal(desk)]).toEqual([label, Number(figure)])
        seen[label] = Number(figure)
        await desk.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '工作台' }).click()
        await tiles.nth(5).waitFor()
      }
      expect(Object.keys(seen)).toHaveLength(6)
      // So is the number of the menu that is of a part of its list.
      const copies = seen['抄送未阅'] ?? 0
      expect(await badge(desk, '抄送')).toBe(copies)
      if (copies === 0) return
      await desk.getByRole('link', { name: /^抄送\s*\d+件$/ }).click()
      expect(await settledTotal(desk)).toBe(copies)
    },
  )

  test('a filter that came with a figure stands in the form, and can be kept as a query', async () => {
    await turnTo(page, '/')
    await page.getByRole('link', { name: /^退回给我的/ }).click()
    await page.getByRole('checkbox', { name: '只看退回', checked: true }).waitFor()
    await turnTo(page, '/')
    await page.getByRole('link', { name: /^已超期/ }).click()
    await page.getByText(/^截至 /).waitFor()
    expect(await page.getByRole('combobox', { name: '期限' }).innerText()).toBe('已超期')
    await page.getByRole('button', { name: '常用查询' }).click()
    expect(await page.getByRole('menuitem', { name: '保存当前查询…' }).isEnabled()).toBe(true)
    await page.keyboard.press('Escape')
  })

  test('the foot of a list has the sum of the page and that of the filter, each under its own column', async () => {
    const { rows, sumFen } = await (
      await cast.person('INTAKE')
    ).get<{ rows: { amountFen: string | null }[]; sumFen: string }>('/api/cases?limit=5')
    await turnTo(page, '/cases?perPage=5')
    const amounts = async (): Promise<string[]> => page.getByRole('main').locator('tfoot tr td:nth-child(2)').allInnerTexts()
    await expect.poll(amounts, { timeout: 10_000 }).toHaveLength(2)
    const ofPage = rows.reduce((sum, { amountFen }) => sum + BigInt(amountFen ?? 0), 0n)
    expect(await amounts()).toEqual([yuanText(ofPage), yuanText(BigInt(sumFen))])
    const edges = await Promise.all(['thead th:nth-child(4)', 'tfoot tr:first-child td:nth-child(2)'].map((cell) => rightEdge(page, cell)))
    expect(edges[0]).toBeCloseTo(edges[1] ?? 0, 0)
    await page.goto('/cases?filter={"stage":"SUBMITTED"}')
    await page.getByText(/^筛选合计（\d+ 件）$/).waitFor()
    expect(await page.getByText(/^本页合计/).count()).toBe(0)
  })
})

test('contributions stand on the case as facts: what the rules were given, and when', async () => {
  const caseId = await cast.accepted('approved-many-children')
  const { contributions } = await cast.see('PRELIMINARY_REVIEWER', caseId)
  expect(contributions?.people.map(({ role, restricted }) => `${role} ${restricted}`)).toEqual(['BORROWER false', 'SPOUSE false'])
  await turnTo(page, `/cases/${caseId}`)
  const table = page.getByRole('table').filter({ hasText: '缴存基数（元）' })
  const row = await table.getByRole('row', { name: /^借款人/ }).innerText()
  const account = contributions?.people[0]?.account
  expect(row.split('\t').slice(3)).toEqual([
    '正常缴存',
    `${account?.monthsContinuous} 个月`,
    ...[account?.baseFen, account?.monthlyFen, account?.balanceFen].map((fen) => yuanText(BigInt(fen ?? 0))),
    '无',
  ])
  await page.getByText(/^取自本中心业务系统，2025-11-03 \d\d:\d\d 贷款审核时的数据/).waitFor()
})

test('and the house is in order', () => office.expectOrder())

/** `1234567n` → `12,345.67` */
const yuanText = (fen: bigint): string => `${(fen / 100n).toLocaleString('en-US')}.${String(fen % 100n).padStart(2, '0')}`

async function rightEdge(desk: Page, cell: string): Promise<number> {
  const box = await desk.getByRole('main').locator(cell).boundingBox()
  return box ? box.x + box.width : Number.NaN
}

interface Watched {
  readonly page: Page
  readonly person: Person
}

async function watch(post: string): Promise<Watched> {
  const desk = await office.sit(cast.numberOf(post), '/todo')
  await settledTotal(desk)
  return { page: desk, person: await cast.person(post) }
}

/** The screen may follow a moment later; what it comes to rest at is compared, without a reload. */
async function expectEqualNumbers({ page: desk, person }: Watched): Promise<void> {
  const numbers = async (): Promise<string> => {
    const { total } = await person.get<{ total: number }>('/api/tasks/todo')
    const shown = [await badge(desk, '待办'), await listTotal(desk)]
    return shown.every((one) => one === total) ? 'equal' : `badge ${shown[0]}, list ${shown[1]}, record ${total}`
  }
  await expect.poll(numbers, { timeout: 10_000, interval: 200 }).toBe('equal')
}

/** Every figure of the workbench beside the total of its list, as the server tells both. */
async function expectEqualFigures(person: Person): Promise<void> {
  const { byStage, ...figures } = await person.get<{ byStage: { kind: string; stage: string; count: number }[] }>('/api/task-counts')
  const total = async (path: string): Promise<number> => (await person.get<{ total: number }>(`/api/tasks/${path}`)).total
  expect({
    todo: await total('todo'),
    overdue: await total('todo?due=overdue'),
    dueToday: await total('todo?due=today'),
    returned: await total('todo?returned=true'),
    started: await total('started'),
    copied: await total('copied'),
    unread: await total('copied?unread=true'),
  }).toEqual(figures)
  for (const { kind, stage, count } of byStage) expect(await total(`todo?kind=${kind}&stage=${stage}`)).toBe(count)
}

/** One thing that a person of some post can do now, with one of their cases. */
async function actAtRandom(random: Random): Promise<string> {
  const moves: readonly (readonly [post: string, action: string, more: Record<string, unknown>])[] = [
    ['INTAKE', 'accept', {}],
    ['PRELIMINARY_REVIEWER', 'pass', { opinion: '资料齐全' }],
    ['PRELIMINARY_REVIEWER', 'return', { opinion: '请核对' }],
    ['REVIEWER', 'return', { opinion: '请再核', to: 'PRELIM_REVIEW' }],
  ]
  for (let tried = 0; tried < 40; tried++) {
    const [post, action, more] = random.pick(moves)
    const person = await cast.person(post)
    const { rows } = await person.get<{ rows: { id: string; caseNumber: string }[] }>('/api/tasks/todo')
    if (rows.length === 0) continue
    const row = random.pick(rows)
    const answer = await person.decide(row.id, { action, ...more })
    if (answer.status === 200) return `${row.caseNumber} ${action}`
  }
  throw new Error('nobody could do anything')
}

async function saveQuery(desk: Page, name: string): Promise<void> {
  await desk.getByRole('combobox', { name: '环节' }).click()
  await desk.getByRole('option', { name: '待受理', exact: true }).click()
  await desk.getByRole('button', { name: '查询', exact: true }).click()
  await desk.waitForURL(/filter=/)
  await desk.getByRole('button', { name: '常用查询' }).click()
  await desk.getByRole('menuitem', { name: '保存当前查询…' }).click()
  await desk.getByLabel('名称').fill(name)
  await kept(desk, () => desk.getByRole('dialog').getByRole('button', { name: '保存', exact: true }).click())
}

/** Does something that the server keeps for the person, and waits until it has. */
async function kept(desk: Page, act: () => Promise<void>): Promise<void> {
  const written = desk.waitForResponse((response) => response.url().includes('/api/settings/') && response.request().method() === 'PUT')
  await Promise.all([written, act()])
}

/** The total of a list that was just opened, when it has been read. */
async function settledTotal(desk: Page): Promise<number> {
  await desk.getByText(/^截至 /).waitFor()
  return listTotal(desk)
}

function otherHolder(post: string): string {
  const holders = office.house.logins.people.filter((one) => one.posts.includes(post) && one.orgName === cast.branch)
  const other = holders.find((one) => one.staffNumber !== cast.numberOf(post))
  if (!other) throw new Error(`only one person holds ${post}`)
  return other.staffNumber
}
