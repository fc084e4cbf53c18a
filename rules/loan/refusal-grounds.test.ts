import { describe, expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { REASON_CODES } from '../reason-codes.ts'
import { groundsMayRefuse, refusalGrounds, type Finding } from './refusal-grounds.ts'

const short: Finding = {
  code: 'CONTRIBUTION_SHORT',
  text: '借款人连续足额缴存3个月，不足6个月',
  article: '缴存时间（假定）',
  figures: { who: '借款人', months: 3, monthsMin: 6 },
}
const poor: Finding = {
  code: 'INCOME_INSUFFICIENT',
  text: '家庭月收入4,100.00元的60%不足以负担其他债务每月3,000.00元',
  article: '还款能力（假定）',
  figures: { incomeFen: '410000', sharePercent: '60', otherDebtFen: '300000' },
}
const silent: Finding = {
  code: 'SOURCE_UNAVAILABLE',
  text: '借款人征信报告：向人民银行征信查询未果（对方系统无法连接），须人工核验',
  article: '联网核验',
  figures: { what: '借款人征信报告', source: '人民银行征信', cause: '对方系统无法连接' },
}
const on = plainDate('2025-11-03')
const nothing = { reasonCodes: [], opinion: '', on }

describe('grounds of a refusal', () => {
  test('are what the rules refuse for, with their figures, and what the officer gives beside it', () => {
    expect(refusalGrounds([short, poor], { reasonCodes: ['NOT_OWN_OCCUPIED'], opinion: '所购住房拟作经营使用', on })).toEqual([
      {
        text: short.text,
        article: short.article,
        figures: [
          { label: '连续足额缴存', value: '3个月' },
          { label: '规定最少', value: '6个月' },
        ],
      },
      {
        text: poor.text,
        article: poor.article,
        figures: [
          { label: '家庭月收入', value: '4,100.00元' },
          { label: '月还款额占收入的上限', value: '60%' },
          { label: '其他债务每月应还', value: '3,000.00元' },
        ],
      },
      { text: '非自住住房：所购住房拟作经营使用', article: '《住房公积金管理条例》第二十六条', figures: [] },
    ])
  })

  test('name once what rules and officer both found, with the words of the officer', () => {
    const grounds = refusalGrounds([short, poor], { reasonCodes: ['INCOME_INSUFFICIENT'], opinion: '未提供其他收入来源', on })
    expect(grounds.map(({ text }) => text)).toEqual([short.text, `${poor.text}；未提供其他收入来源`])
  })

  test('are never what nobody could find out', () => {
    expect(refusalGrounds([silent, short], nothing).map(({ text }) => text)).not.toContain(silent.text)
    expect(refusalGrounds([silent], { reasonCodes: ['CREDIT_OVERDUE_RUN'], opinion: '凭纸质信用报告认定', on })).toMatchObject([
      { text: '连续逾期：凭纸质信用报告认定' },
    ])
  })

  test('are of the catalogue, and of what refuses', () => {
    expect(groundsMayRefuse(['NOT_OWN_OCCUPIED', 'CONTRIBUTION_SHORT'])).toEqual([])
    expect(groundsMayRefuse(['SOURCE_UNAVAILABLE', 'PRICE_DIFFERS', 'UNHEARD_OF']).map(({ text }) => text)).toEqual([
      '“数据未能取得”不能作为不予贷款的理由',
      '“合同与备案价格不一致”不能作为不予贷款的理由',
      '代码UNHEARD_OF不能作为不予贷款的理由',
    ])
  })

  test('cite what held on the day: before its revision the Regulation had no ban', () => {
    const cited = (day: string) => refusalGrounds([], { reasonCodes: ['UNDER_BAN'], opinion: '', on: plainDate(day) })[0]?.article
    expect(['2026-09-19', '2026-09-20'].map(cited)).toEqual(['作出限制的生效决定', '《住房公积金管理条例》第四十一条'])
  })

  test('are as many as the officer names', () => {
    const grounds = refusalGrounds([], {
      reasonCodes: ['NOT_OWN_OCCUPIED', 'HOME_OUTSIDE_AREA', 'NOT_OWN_OCCUPIED'],
      opinion: '见勘查记录',
      on,
    })
    expect(grounds.map(({ text }) => text)).toEqual(['非自住住房：见勘查记录', '住房不在贷款区域'])
  })

  test.each(Object.entries(REASON_CODES).filter(([, { effect }]) => effect === 'REFUSE'))(
    'every figure of %s has a name',
    (code, { text, article }) => {
      const figures = Object.fromEntries([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, name.endsWith('Fen') ? '100' : 1]))
      const [ground] = refusalGrounds([{ code, text, article, figures }], { reasonCodes: [code], opinion: '', on })
      expect(ground?.figures).toHaveLength(Object.keys(figures).filter((name) => name !== 'who').length)
    },
  )
})
