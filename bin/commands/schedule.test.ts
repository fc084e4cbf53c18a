import { describe, expect, it } from 'vitest'
import { runCommand, runHere } from '../running.fixture.ts'

const good = { principal: '1000000.00', rate: '2.6', months: '360', method: 'equal-instalment' }
const argsOf = (options: Record<string, string>): string[] => Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])

describe('anju schedule', () => {
  it('--json is one object and nothing else, to the fen', async () => {
    const { code, out, err } = await runCommand('schedule', [...argsOf(good), '--json'])
    const plan = JSON.parse(out)
    expect([code, err, plan.instalments.length]).toEqual([0, '', 360])
    expect(plan.instalments[0]).toEqual({ no: 1, amount: '4003.40', principal: '1836.73', interest: '2166.67', closing: '998163.27' })
    expect(plan.instalments[359]).toMatchObject({ no: 360, amount: '4001.75', closing: '0.00' })
    expect(plan.totals).toEqual({ interest: '441222.35', amount: '1441222.35' })
  })

  it('equal principal', async () => {
    const { out } = await runHere('schedule', [...argsOf({ ...good, method: 'equal-principal' }), '--json'])
    expect(JSON.parse(out).totals.interest).toBe('391083.03')
  })

  it('without --json people read a table', async () => {
    const { code, out } = await runHere('schedule', argsOf(good))
    expect(code).toBe(0)
    expect(out).toContain('利息合计 441,222.35 元，还款合计 1,441,222.35 元')
  })

  it.each<[string, Record<string, string>, string]>([
    ['a negative principal', { principal: '-1000' }, '本金 -1000 有误：须大于零'],
    ['more than there is', { principal: '1000000000000.01' }, '本金 1000000000000.01 有误：不超过 1,000,000,000,000.00 元'],
    ['no principal to speak of', { principal: '0.00' }, '本金 0.00 有误：须大于零'],
    ['an exponent', { principal: '1e3' }, '本金 1e3 有误：须为半角数字'],
    ['full-width digits', { principal: '１０００' }, '本金 １０００ 有误：须为半角数字'],
    ['half a fen', { principal: '0.005' }, '至多两位小数'],
    ['thousands separators', { principal: '1,000,000' }, '不用指数和千分符'],
    ['a rate of a hundred', { rate: '260' }, '年利率 260 有误'],
    ['a rate with a comma', { rate: '2,6' }, '年利率 2,6 有误'],
    ['a negative rate', { rate: '-2.6' }, '年利率 -2.6 有误'],
    ['no months', { months: '0' }, '期限 0 有误：须为 1 至 360 的整数'],
    ['thirty years and a month', { months: '361' }, '期限 361 有误'],
    ['half a month', { months: '12.5' }, '期限 12.5 有误'],
    ['an unknown method', { method: 'balloon' }, '还款方式 balloon 有误'],
    ['a method of every object', { method: 'toString' }, '还款方式 toString 有误'],
    ['an unknown option', { currency: 'CNY' }, '无法识别的参数：--currency'],
  ])('%s is refused by name, with nothing on stdout', async (_sentence, change, words) => {
    const { code, out, err } = await runHere('schedule', [...argsOf({ ...good, ...change }), '--json'])
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(words)
  })

  it.each([
    ['nothing at all', [], '缺少参数 --principal'],
    ['an option twice', [...argsOf(good), '--rate', '2.85'], '参数 --rate 出现了两次'],
    ['an option without its value', ['--principal'], '参数 --principal 缺少值'],
    ['a stray word', [...argsOf(good), 'now'], '无法识别的内容：now'],
  ])('%s is refused', async (_sentence, args, words) => {
    const { code, err } = await runHere('schedule', args)
    expect([code, err.includes(words)]).toEqual([1, true])
  })
})
