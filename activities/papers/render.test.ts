import { describe, expect, test } from 'vitest'
import { addDays, plainDate } from '#contracts/dates.ts'
import { fen } from '#contracts/money.ts'
import { MissingGlyph } from './glyphs.ts'
import type { PaperInput } from './input.ts'
import { qrText, shortHash } from './layout.ts'
import { readPdf } from './pdf-reader.ts'
import { contentHash, renderPaper } from './render.ts'
import { samples } from './samples.ts'

const kinds: PaperInput[] = Object.values(samples)
const pageCounts = { ACCEPTANCE_RECEIPT: 1, NON_ACCEPTANCE: 1, SUPPLEMENT: 1, APPROVAL: 1, REFUSAL: 2, REPAYMENT_PLAN: 11 } as const
const flat = (text: string): string => text.replace(/\s/g, '')
const textOf = async (input: PaperInput): Promise<string> => flat(readPdf((await renderPaper(input)).bytes).pages.join(''))

describe.each(kinds)('the paper $kind', (input) => {
  test('comes out the same, byte for byte, and differs as soon as a figure does', async () => {
    const [first, second] = [await renderPaper(input), await renderPaper(structuredClone(input))]
    expect(second.sha256).toBe(first.sha256)
    const other = await renderPaper({ ...input, paperNumber: `${input.paperNumber}之一` })
    expect(other.sha256).not.toBe(first.sha256)
    expect(other.contentHash).not.toBe(first.contentHash)
  })

  test('is complete: pages, two embedded fonts, an outline for every character, a bounded size', async () => {
    const { bytes } = await renderPaper(input)
    const pdf = readPdf(bytes)
    expect(pdf.pages).toHaveLength(pageCounts[input.kind])
    expect(pdf.embeddedFonts).toBe(2)
    expect(pdf.invisible).toEqual([])
    expect(pdf.createdAt).toBe(`${addDays(input.issuedOn, -1).replaceAll('-', '')}160000Z`)
    expect(bytes.length).toBeLessThan(pdf.pages.length * 20_000 + 80_000)
  })

  test('carries number, check code, template and page count on each page', async () => {
    const { bytes, contentHash: hash, template } = await renderPaper(input)
    const { pages } = readPdf(bytes)
    for (const [index, page] of pages.entries()) {
      const text = flat(page)
      expect(text).toContain(`文书编号：${input.paperNumber}`)
      expect(text).toContain(`内容校验码：${shortHash(hash)}`)
      expect(text).toContain(`模板版本：${template}`)
      expect(text).toContain(`第${index + 1}页共${pages.length}页`)
    }
  })

  test('keeps the signature on a page with text, and says what it stands on', async () => {
    const { bytes } = await renderPaper(input)
    const last = flat(readPdf(bytes).pages.at(-1) ?? '')
    expect(last).toContain(input.centreName)
    expect(last).toContain(flat(`法律依据：${input.legalBasis.join('、')}。`))
    expect(last).toContain(input.parameters.snapshotId)
    expect(last.indexOf('（印章）')).toBeGreaterThan(20)
  })

  test('reads as agreed; other words need another template version', async () => {
    const { bytes, template } = await renderPaper(input)
    const pages = readPdf(bytes).pages.slice(0, 2).join('\n\n')
    await expect(pages).toMatchFileSnapshot(`texts/${template}.txt`)
  })
})

describe('what a letter must say', () => {
  test('an approval states the amount in words beside the figures', async () => {
    expect(await textOf(samples.APPROVAL)).toContain('人民币陆拾伍万元整（¥650,000.00）')
  })

  test('a refusal states every reason with its provision and every figure, and where to turn', async () => {
    const text = await textOf(samples.REFUSAL)
    for (const { text: finding, article, figures } of samples.REFUSAL.reasons) {
      for (const part of [finding, article, ...figures.map(({ label, value }) => `${label}：${value}`)]) expect(text).toContain(flat(part))
    }
    for (const part of ['要求说明', '60日内向新乡市人民政府申请行政复议', '6个月内', '行政诉讼']) expect(text).toContain(part)
  })

  test('a receipt names no last day that nobody can know, and says what it hangs on', async () => {
    const text = await textOf({ ...samples.ACCEPTANCE_RECEIPT, decideBy: null })
    expect(text).not.toContain('最迟不晚于')
    expect(text).toContain('期限届满当年的节假日安排尚未公布，最后一日待公布后另行告知')
  })

  test('assumed values are named as such, published ones are not', async () => {
    expect(await textOf(samples.REFUSAL)).toContain('下列参数尚无公布文件，暂按所列口径执行：还款收入比上限60%')
    expect(await textOf(samples.APPROVAL)).not.toContain('尚无公布文件')
  })

  test('a second notice says why there is one', async () => {
    expect(await textOf(samples.SUPPLEMENT)).not.toContain('再次告知')
    expect(await textOf({ ...samples.SUPPLEMENT, secondNoticeReason: '首次补正的合同页码不全' })).toContain(
      '本次为再次告知，原因：首次补正的合同页码不全。',
    )
  })
})

describe('a rare name', () => {
  const rare: PaperInput = { ...samples.APPROVAL, addressee: '马骉㛃𬱖' }

  test('is printed as it is written, every character with its outline, in a file that is not much larger', async () => {
    const { bytes } = await renderPaper(rare)
    const pdf = readPdf(bytes)
    expect(flat(pdf.pages.join(''))).toContain('马骉㛃𬱖')
    expect([pdf.embeddedFonts, pdf.invisible, pdf.pages.length]).toEqual([2, [], pageCounts.APPROVAL])
    expect(bytes.length).toBeLessThan(pdf.pages.length * 20_000 + 80_000)
  })

  test('comes out the same, byte for byte, and leaves other papers as they are', async () => {
    const before = await renderPaper(samples.APPROVAL)
    const [first, second] = [await renderPaper(rare), await renderPaper(structuredClone(rare))]
    expect(second.sha256).toBe(first.sha256)
    expect((await renderPaper(samples.APPROVAL)).sha256).toBe(before.sha256)
  })
})

describe('a paper is refused', () => {
  test.each([
    ['a name in it has a character the font lacks', { ...samples.APPROVAL, addressee: '王𠮷' }, '𠮷', 'addressee'],
    [
      'the co-borrower has one',
      { ...samples.APPROVAL, borrowers: [...samples.APPROVAL.borrowers, { role: '共同借款人', name: '马𪚥', idNumberMasked: '' }] },
      '𪚥',
      'borrowers[2].name',
    ],
    ['a figure of a reason has one', withFigure('面积☑'), '☑', 'reasons[0].figures[0].value'],
    ['a text has a control character', withFigure('5\u0007个月'), '\u0007', 'reasons[0].figures[0].value'],
    ['a text has a zero-width space', withFigure('5\u200B个月'), '\u200B', 'reasons[0].figures[0].value'],
  ] as [string, PaperInput, string, string][])('because %s', async (_, input, character, field) => {
    const refused = await renderPaper(input).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(MissingGlyph)
    expect(refused).toMatchObject({ character, field })
  })

  test.each([
    ['a refusal gives no reason', { ...samples.REFUSAL, reasons: [] }],
    ['a supplement notice wants nothing', { ...samples.SUPPLEMENT, wants: [] }],
    ['an approval names no borrower', { ...samples.APPROVAL, borrowers: [] }],
    ['it names no provision', { ...samples.APPROVAL, legalBasis: [] }],
    ['a plan does not pay the loan back', { ...samples.REPAYMENT_PLAN, instalments: samples.REPAYMENT_PLAN.instalments.slice(0, -1) }],
    ['a plan starts from another principal', { ...samples.REPAYMENT_PLAN, principalFen: fen(64_999_999n) }],
  ] as [string, PaperInput][])('because %s', async (_, input) => {
    await expect(renderPaper(input)).rejects.toThrow()
  })
})

describe('the content hash', () => {
  test('does not depend on the order of keys, and does on every value', () => {
    const { kind, amountFen, ...rest } = samples.APPROVAL
    expect(contentHash({ ...rest, amountFen, kind })).toBe(contentHash(samples.APPROVAL))
    expect(contentHash({ ...samples.APPROVAL, amountFen: fen(65_000_001n) })).not.toBe(contentHash(samples.APPROVAL))
    expect(contentHash({ ...samples.APPROVAL, issuedOn: plainDate('2025-11-15') })).not.toBe(contentHash(samples.APPROVAL))
  })

  test('is printed short, for reading out', () => {
    expect(shortHash('0123456789abcdef'.repeat(4))).toBe('0123-4567-89AB-CDEF')
    expect(qrText('新公积金贷准〔2025〕12号', '0123456789abcdef'.repeat(4))).toBe('ANJU 新公积金贷准〔2025〕12号 0123-4567-89AB-CDEF')
  })
})

test('a text that looks like a link or a file is only text', async () => {
  const text = await textOf(withFigure('file:///etc/passwd http://127.0.0.1/'))
  expect(text).toContain('file:///etc/passwdhttp://127.0.0.1/')
})

function withFigure(value: string): PaperInput {
  return { ...samples.REFUSAL, reasons: [{ text: '不符合规定。', article: '第一条', figures: [{ label: '数据', value }] }] }
}
