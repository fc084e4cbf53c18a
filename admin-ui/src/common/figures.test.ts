import { expect, test } from 'vitest'
import { amountInputText, parseAmount, sumFen, yuan } from './figures.ts'

const check = (text: string, fenText: string | undefined): void => expect(parseAmount(text)?.toString()).toBe(fenText)

test.each([
  ['小数一位', '1234567.8', '123456780'],
  ['带千分位', '1,234,567.80', '123456780'],
  ['以万为单位', '123.45万', '123450000'],
  ['以万为单位、小数多于四位', '0.123456万', '123456'],
  ['整万', '65万', '65000000'],
  ['带元字', '650000元', '65000000'],
  ['全角数字', '６５００００', '65000000'],
  ['中间有空格', '650 000', '65000000'],
  ['一分钱', '0.01', '1'],
])('读得出的金额：%s', (_, text, fenText) => check(text, fenText))

test.each([
  ['空', ''],
  ['不足一分', '0.001'],
  ['不足一分的万', '0.0000001万'],
  ['千分位错位', '12,34,567'],
  ['两个小数点', '1.2.3'],
  ['负数', '-5'],
  ['汉字', '六十五万'],
  ['科学记数', '1e5'],
])('读不出的金额不猜：%s', (_, text) => check(text, undefined))

test('显示与再次录入是同一个数', () => {
  for (const fenText of ['1', '100', '65000000', '123456780', '99999999999999']) {
    expect(parseAmount(amountInputText(fenText))?.toString()).toBe(fenText)
  }
})

test('合计按分相加', () => {
  expect(yuan(sumFen(['10', '20', '123456789012345']))).toBe('1,234,567,890,123.75')
})
