import { partsOf, type PlainDate } from '#contracts/dates.ts'
import { formatYuan, type Fen } from '#contracts/money.ts'
import { yuanWords } from '#contracts/yuan-words.ts'

/** 2025年11月3日, as official letters write a date. */
export function dateText(date: PlainDate): string {
  const { year, month, day } = partsOf(date)
  return `${year}年${month}月${day}日`
}

/** 人民币陆拾伍万元整（¥650,000.00）: words first, for where they differ the words hold. */
export const amountText = (amount: Fen): string => `人民币${yuanWords(amount)}（¥${formatYuan(amount)}）`

/** 两, 三 … 十, as copies are counted; above ten in figures. */
export const countText = (count: number): string => '零一两三四五六七八九十'.charAt(count) || String(count)

/** 360个月（30年）, 355个月（29年7个月）. */
export function termText(months: number): string {
  const [years, rest] = [Math.floor(months / 12), months % 12]
  return rest === 0 ? `${months}个月（${years}年）` : `${months}个月（${years > 0 ? `${years}年` : ''}${rest}个月）`
}
