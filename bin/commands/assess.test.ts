import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { exampleFacts } from '#contracts/loan-example.ts'
import { snapshotId } from '#db/canonical.ts'
import { policyAt } from '#policy/policy-at.ts'
import { publishedRows } from '#policy/published.ts'
import { runCommand, runHere, type Ended } from '../running.fixture.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anju-assess-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function assess(content: string | Uint8Array, { entity = 'xinxiang', date = '2025-11-03', flags = ['--json'] } = {}): Promise<Ended> {
  const path = join(folder, 'facts.json')
  await writeFile(path, content)
  return runHere('assess', ['--entity', entity, '--date', date, '--facts', path, ...flags])
}

/** The example as JSON with one place changed; undefined removes it. */
function exampleWith(path: string, value: unknown): string {
  const facts = structuredClone(exampleFacts) as Record<string, unknown>
  const keys = path.split('.')
  const last = keys.pop() ?? ''
  const parent = keys.reduce<Record<string, unknown>>((inner, key) => inner[key] as Record<string, unknown>, facts)
  parent[last] = value
  return JSON.stringify(facts)
}

describe('anju assess', () => {
  it('--example prints facts that are then approved', async () => {
    const example = await runCommand('assess', ['--example'])
    const { code, out, err } = await assess(example.out)
    expect([example.code, code, err]).toEqual([0, 0, ''])
    const answer = JSON.parse(out)
    expect(Object.keys(answer)).toEqual(['outcome', 'amount', 'months', 'rate', 'homeOrder', 'ceilings', 'reasons', 'snapshot', 'notes'])
    expect(answer).toMatchObject({ outcome: 'approved', amount: '650000.00', months: 360, rate: '2.60', homeOrder: 'first', reasons: [] })
    expect(answer.ceilings[0]).toEqual({
      code: 'MAX_LOAN',
      limit: '650000.00',
      binding: true,
      article: '《新乡（市）住房公积金2024年年度报告》六、（三）新乡3',
      standing: 'PUBLISHED',
    })
    expect(answer.snapshot).toBe(snapshotId(policyAt(publishedRows, 'xinxiang', plainDate('2025-11-03'))))
  })

  it('a refusal is an answer: exit 0, with every reason, its article and figures', async () => {
    const { code, out } = await assess(exampleWith('homesInPlace.value', 2))
    const answer = JSON.parse(out)
    expect([code, answer.outcome, answer.amount]).toEqual([0, 'refused', '0.00'])
    expect(answer.reasons).toEqual([
      {
        code: 'HOME_THIRD',
        article: '《新乡（市）住房公积金2024年年度报告》六、（三）新乡4（1），引新公积金管〔2024〕2号第二项第3项、第4项',
        figures: { homes: 2 },
        text: '家庭在购房地已有2套住房，不向第三套及以上住房发放贷款',
      },
    ])
  })

  it('what is to be looked at without changing the outcome stands beside the reasons: price, amount and term', async () => {
    const { out } = await assess(exampleWith('home.filing.value.priceFen', '60000000'))
    const answer = JSON.parse(out)
    expect([answer.outcome, answer.reasons]).toEqual(['approved', []])
    expect(answer.notes.map(({ code }: { code: string }) => code)).toEqual(['PRICE_DIFFERS', 'AMOUNT_LIMITED', 'PAID_OVER_PRICE'])
    expect(Object.keys(answer.notes[0])).toEqual(['code', 'article', 'figures', 'text'])
    const older = JSON.parse((await assess(exampleWith('borrower.bornOn', '1970-01-01'))).out)
    expect(older.notes.map(({ code }: { code: string }) => code)).toContain('TERM_LIMITED')
  })

  it('a silent source leaves it to a person', async () => {
    const { out } = await assess(exampleWith('borrower.credit', { state: 'UNAVAILABLE', source: '征信机构', cause: '超时' }))
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'manual',
      reasons: [{ code: 'SOURCE_UNAVAILABLE', figures: { what: '借款人征信报告' } }],
    })
  })

  it('the same facts under another city and day', async () => {
    const { out } = await assess(JSON.stringify(exampleFacts), { entity: 'changyuan', date: '2024-06-03' })
    expect(JSON.parse(out)).toMatchObject({ amount: '600000.00', rate: '2.85' })
  })

  it('people read Chinese, with assumed values marked', async () => {
    const { out } = await assess(JSON.stringify(exampleFacts), { flags: [] })
    expect(out).toContain('结论：准予')
    expect(out).toMatch(/还款能力：.*假定/)
  })

  it('--help describes every field from the schema', async () => {
    const { code, out } = await runHere('assess', ['--help'])
    expect(code).toBe(0)
    expect(out).toContain('borrower.contribution.value.monthsContinuous  〔整数 0…720〕 申请前连续足额缴存月数，单位：月，0至720')
    expect(out).toContain('applied.months  〔整数 1…360〕 申请期限，单位：月，1至360')
    for (const field of Object.keys(exampleFacts)) expect(out).toContain(`\n  ${field}  `)
  })
})

describe('what cannot be is named and refused', () => {
  it.each<[string, string, unknown, string]>([
    [
      'an amount below zero',
      'borrower.monthlyIncomeFen',
      '-1',
      'borrower.monthlyIncomeFen：申报月收入须为不带小数点、符号和指数的整数分，至多15位半角数字',
    ],
    ['an exponent', 'applied.amountFen', '1e3', 'applied.amountFen：申请金额须为不带小数点'],
    ['full-width digits', 'applied.amountFen', '６５００００', 'applied.amountFen：申请金额须为不带小数点'],
    ['yuan instead of fen', 'applied.amountFen', '0.005', 'applied.amountFen：申请金额须为不带小数点'],
    ['more than any fund holds', 'applied.amountFen', '9999999999999999', 'applied.amountFen：申请金额须为不带小数点'],
    ['a number where text belongs', 'applied.amountFen', 65000000, 'applied.amountFen：申请金额必填，须为整数分文本'],
    ['nothing applied for', 'applied.amountFen', '0', 'applied.amountFen：申请金额须大于零'],
    ['31 February', 'borrower.bornOn', '1990-02-31', 'borrower.bornOn：日期须为真实存在的 YYYY-MM-DD'],
    ['a birth in the future', 'borrower.bornOn', '2025-11-04', 'borrower.bornOn：出生日期晚于2025-11-03'],
    ['a missing fact', 'homesInPlace', undefined, 'homesInPlace：'],
    [
      'a fact deep inside that is missing',
      'borrower.contribution.value.monthsContinuous',
      undefined,
      'borrower.contribution.value.monthsContinuous：申请前连续足额缴存月数必填',
    ],
    [
      'a fraction of a month',
      'borrower.contribution.value.monthsContinuous',
      5.5,
      'borrower.contribution.value.monthsContinuous：申请前连续足额缴存月数须为整数',
    ],
    ['an unknown field', 'applied.rate', '2.6', 'applied：无法识别的字段：rate'],
    ['a married borrower without a spouse', 'spouse', null, 'spouse：已婚的须有配偶的事实'],
    [
      'a man with a woman’s retirement age',
      'borrower.retirementCategory',
      'FEMALE_50',
      'borrower.retirementCategory：退休年龄类别与性别不符',
    ],
    [
      'more open loans than loans',
      'fundLoans.value',
      { used: 0, outstanding: 1 },
      'fundLoans.value.outstanding：未结清笔数不能多于使用次数',
    ],
    ['a resale home of no age', 'home.kind', 'RESALE', 'home.builtYear：二手住房须有建成年份'],
    ['361 months', 'applied.months', 361, 'applied.months：申请期限至多360个月'],
  ])('%s', async (_sentence, path, value, words) => {
    const { code, out, err } = await assess(exampleWith(path, value))
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(words)
  })

  it.each<[string, string | Uint8Array, object, string]>([
    ['no JSON', '{', {}, '事实文件不是合法的 JSON'],
    ['not even text', new Uint8Array([0xff, 0xfe, 0x00]), {}, '不是 UTF-8 编码'],
    ['an empty object: every missing fact is named at once', '{}', {}, 'borrower：'],
    ['a day that does not exist', '{}', { date: '2025-02-31' }, '日期 2025-02-31 有误'],
    ['a day before any policy', '{}', { date: '2024-03-14' }, '可用的最早日期为2024-03-15'],
    ['a city of others', '{}', { entity: 'zhengzhou' }, '中心 zhengzhou 有误：须为 xinxiang 或 changyuan'],
    ['a city of every object', '{}', { entity: 'constructor' }, '中心 constructor 有误'],
  ])('%s', async (_sentence, content, options, words) => {
    const { code, out, err } = await assess(content, options)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(words)
  })

  it('a file that is not there', async () => {
    const { code, err } = await runHere('assess', ['--entity', 'xinxiang', '--date', '2025-11-03', '--facts', join(folder, 'none.json')])
    expect([code, err.includes('文件不存在')]).toEqual([1, true])
  })
})
