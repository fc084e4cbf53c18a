import fc from 'fast-check'
import nzh from 'nzh'
import { describe, expect, test } from 'vitest'
import { fen, parseYuan, yuanText } from './money.ts'
import { parseYuanWords, yuanWords } from './yuan-words.ts'

const words = (yuan: string): string => yuanWords(parseYuan(yuan) ?? fen(-1n))

describe('an amount in words', () => {
  test.each([
    // The annex's own examples, the first form where it gives two.
    ['1409.50', '壹仟肆佰零玖元伍角'],
    ['6007.14', '陆仟零柒元壹角肆分'],
    ['1680.32', '壹仟陆佰捌拾元零叁角贰分'],
    ['107000.53', '壹拾万柒仟元零伍角叁分'],
    ['16409.02', '壹万陆仟肆佰零玖元零贰分'],
    ['325.04', '叁佰贰拾伍元零肆分'],
    // Zero, and below one yuan.
    ['0', '零元整'],
    ['0.05', '伍分'],
    ['0.50', '伍角'],
    ['0.55', '伍角伍分'],
    // Whole yuan close with 整; jiao and fen do not.
    ['1', '壹元整'],
    ['1.00', '壹元整'],
    ['10', '壹拾元整'],
    ['10.50', '壹拾元零伍角'],
    ['100.05', '壹佰元零伍分'],
    ['1001.01', '壹仟零壹元零壹分'],
    // Zeros inside and at the borders of 万 and 亿, where libraries go wrong.
    ['100000', '壹拾万元整'],
    ['300009', '叁拾万零玖元整'],
    ['309000', '叁拾万玖仟元整'],
    ['650000', '陆拾伍万元整'],
    ['1000000', '壹佰万元整'],
    ['10000000', '壹仟万元整'],
    ['10000001', '壹仟万零壹元整'],
    ['10010010', '壹仟零壹万零壹拾元整'],
    ['100000000', '壹亿元整'],
    ['100001000', '壹亿零壹仟元整'],
    ['100010000', '壹亿零壹万元整'],
    ['110001000', '壹亿壹仟万壹仟元整'],
    ['1010101010.10', '壹拾亿壹仟零壹拾万壹仟零壹拾元零壹角'],
    ['1200000000000', '壹万贰仟亿元整'],
    ['1000000000001', '壹万亿零壹元整'],
    ['9000000000000', '玖万亿元整'],
  ])('%s yuan is %s', (yuan, expected) => {
    expect(words(yuan)).toBe(expected)
    expect(parseYuanWords(expected)).toBe(parseYuan(yuan))
  })

  test('a negative amount has no words', () => {
    expect(() => yuanWords(fen(-1n))).toThrow(RangeError)
  })

  const anyAmount = fc.oneof(
    fc.bigInt({ min: 0n, max: 10n ** 15n }),
    fc.bigInt({ min: 0n, max: 10n ** 9n }),
    // Mostly zeros: that is where 零 is decided.
    fc.array(fc.constantFrom('0', '0', '0', '1', '5'), { minLength: 1, maxLength: 15 }).map((digits) => BigInt(digits.join(''))),
  )

  test('is read back as the same amount, a hundred thousand times', () => {
    fc.assert(
      fc.property(anyAmount, (amount) => {
        const written = yuanWords(fen(amount))
        if (parseYuanWords(written) !== amount || /零零|^零[^元]|零[元万亿]/.test(written.replace('零元整', ''))) throw new Error(written)
      }),
      { numRuns: 100_000 },
    )
  })

  /** nzh writes 角 and 分 as the annex's second form does and drops 零 before 分; on whole yuan below 亿 it is right. */
  test('agrees with nzh on whole yuan below 亿', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 8n - 1n }), (yuan) => {
        expect(yuanWords(fen(yuan * 100n))).toBe(nzh.cn.toMoney(yuan.toString(), { outSymbol: false }))
      }),
      { numRuns: 20_000 },
    )
  })

  test('agrees with nzh on fen, where neither the last yuan nor the jiao is zero', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 10n - 1n }), (amount) => {
        fc.pre((amount / 100n) % 10n > 0n && (amount / 10n) % 10n > 0n && amount % 10n > 0n)
        expect(yuanWords(fen(amount))).toBe(nzh.cn.toMoney(yuanText(fen(amount)), { outSymbol: false }))
      }),
      { numRuns: 20_000 },
    )
  })
})

describe('a text is not an amount', () => {
  test.each(['', '元', '元整', '零', '整', '壹', '壹佰伍元整', '壹仟元', '壹角整', '零壹元整', '壹元零零壹分', '壹万万元整', '一百元整', '100元整', '壹元贰角整', '佰元整', ' 壹元整'])(
    'when it reads “%s”',
    (text) => {
      expect(parseYuanWords(text)).toBeUndefined()
    },
  )
})
