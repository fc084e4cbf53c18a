import fc from 'fast-check'
import { stdnum } from 'stdnum'
import { describe, expect, test } from 'vitest'
import { addDays, dateOfDayNumber, dayNumber, plainDate } from './dates.ts'
import {
  bankCardText,
  checkDigitOf,
  checkIdNumber,
  checkUscc,
  idNumberForms,
  idNumberText,
  isOldIdNumber,
  mobileText,
  personName,
  usccCheckCharacterOf,
  usccText,
  type IdNumberPart,
} from './identity.ts'

const today = plainDate('2025-11-03')

const idNumberOn = (born: string, sequence = '123', region = '410702'): string => {
  const first17 = region + born.replaceAll('-', '') + sequence
  return first17 + checkDigitOf(first17)
}

describe('an identity number', () => {
  const wrong: [sentence: string, text: string, part: IdNumberPart][] = [
    ['nothing was typed', '', 'LENGTH'],
    ['one place is missing', '11010119900307002', 'LENGTH'],
    ['a place too many', '11010119900307002X1', 'LENGTH'],
    ['a blank was pasted with it', '11010119900307002X ', 'LENGTH'],
    ['an old number of fifteen', '110101900307002', 'LENGTH'],
    ['full-width digits', '１１０１０１１９９００３０７００２Ｘ', 'CHARACTERS'],
    ['an X in the middle', '11010119900X07002X', 'CHARACTERS'],
    ['a letter O for a zero', '11010119900307O02X', 'CHARACTERS'],
    ['a Cyrillic Х in the last place', '11010119900307002Х', 'CHARACTERS'],
    ['a line break for the last place', '11010119900307002\n', 'CHARACTERS'],
    ['a province that does not exist', idNumberOn('1990-03-07', '123', '990101'), 'REGION'],
    ['region 000000', idNumberOn('1990-03-07', '123', '000000'), 'REGION'],
    ['31 February', idNumberOn('1990-02-31'), 'DATE'],
    ['29 February of a common year', idNumberOn('1990-02-29'), 'DATE'],
    ['29 February 1900', idNumberOn('1900-02-29'), 'DATE'],
    ['month 13', idNumberOn('1990-13-01'), 'DATE'],
    ['day 00', idNumberOn('1990-01-00'), 'DATE'],
    ['born in 1899', idNumberOn('1899-12-31'), 'DATE'],
    ['born tomorrow', idNumberOn('2025-11-04'), 'FUTURE'],
    ['a check digit off by one', '110101199003071234', 'CHECK_DIGIT'],
    ['a digit for the X', '110101199003070020', 'CHECK_DIGIT'],
  ]
  test.each(wrong)('is refused for its part: %s', (_, text, part) => {
    expect(checkIdNumber(text, today)).toMatchObject({ ok: false, part })
  })

  test('born today is no birth in the future, and without a date nothing is', () => {
    expect(checkIdNumber(idNumberOn('2025-11-03'), today)).toMatchObject({ ok: true, bornOn: '2025-11-03' })
    expect(checkIdNumber(idNumberOn('2025-11-04'))).toMatchObject({ ok: true })
  })

  test.each([
    ['of a man, born on the last leap day', idNumberOn('2024-02-29', '011'), { bornOn: '2024-02-29', sex: 'MALE' }],
    ['of a woman', idNumberOn('1990-03-07', '120'), { bornOn: '1990-03-07', sex: 'FEMALE' }],
    ['of a Taiwan resident', idNumberOn('1985-06-01', '001', '830000'), { sex: 'MALE' }],
    ['of a foreign permanent resident', idNumberOn('1985-06-01', '002', '911840'), { sex: 'FEMALE' }],
    ['typed with a lower-case x', '11010119900307002x', { normalised: '11010119900307002X' }],
  ])('is accepted %s', (_, text, expected) => {
    expect(checkIdNumber(text, today)).toMatchObject({ ok: true, ...expected })
  })

  test('the text names the old number as such and offers no correction', () => {
    const checked = checkIdNumber('110101900307002')
    expect(checked.ok ? '' : checked.text).toMatch(/15位的第一代身份证号码/)
    expect(checked.ok ? '' : checked.text).not.toMatch(/\d{16}/)
  })

  const anyNumber = fc
    .record({
      region: fc.integer({ min: 0, max: 9999 }),
      day: fc.integer({ min: dayNumber(plainDate('1900-01-01')), max: dayNumber(today) }),
      sequence: fc.integer({ min: 0, max: 999 }),
    })
    .map(({ region, day, sequence }) =>
      idNumberOn(dateOfDayNumber(day), String(sequence).padStart(3, '0'), `41${String(region).padStart(4, '0')}`),
    )

  test('agrees with stdnum on every well-formed number, and on one place changed', () => {
    fc.assert(
      fc.property(anyNumber, fc.nat(17), fc.constantFrom(...'0123456789X'), (number, place, digit) => {
        const changed = number.slice(0, place) + digit + number.slice(place + 1)
        // stdnum has no opinion on regions and knows no birth after its own clock.
        const checked = checkIdNumber(changed)
        fc.pre(checked.ok ? checked.bornOn <= today : checked.part !== 'REGION')
        expect(checked.ok).toBe(stdnum.CN?.ric?.validate(changed).isValid)
      }),
      { numRuns: 5000 },
    )
  })

  test('any single place changed, and any two unequal neighbours swapped, is noticed', () => {
    fc.assert(
      fc.property(anyNumber, fc.nat(16), fc.integer({ min: 1, max: 9 }), (number, place, shift) => {
        const digit = String((Number(number[place]) + shift) % 10)
        expect(checkIdNumber(number.slice(0, place) + digit + number.slice(place + 1)).ok).toBe(false)
        const [left = '', right = ''] = [number[place], number[place + 1]]
        if (left !== right) expect(checkIdNumber(number.slice(0, place) + right + left + number.slice(place + 2)).ok).toBe(false)
      }),
      { numRuns: 5000 },
    )
  })

  test('is the same date that the calendar gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: dayNumber(plainDate('1900-01-02')), max: dayNumber(today) }), (day) => {
        const born = dateOfDayNumber(day)
        expect(checkIdNumber(idNumberOn(born), today)).toMatchObject({ ok: true, bornOn: born })
        expect(checkIdNumber(idNumberOn(born), addDays(born, -1))).toMatchObject({ ok: false, part: 'FUTURE' })
      }),
    )
  })
})

describe('the forms of an identity number', () => {
  test.each([
    ['born in the twentieth century: both forms', '11010119900307002x', ['11010119900307002X', '110101900307002']],
    ['given in its old form: both forms', '110101900307002', ['11010119900307002X', '110101900307002']],
    ['born in 2000 or later: there is no old form', idNumberOn('2000-01-01'), [idNumberOn('2000-01-01')]],
    ['born on the last day that has an old form', idNumberOn('1999-12-31'), [idNumberOn('1999-12-31'), '410702991231123']],
    ['the old number of a person born before 1900: its century is unknown', '410702970101998', ['410702970101998']],
    ['a residence permit never had an old form', idNumberOn('1985-06-01', '001', '830000'), [idNumberOn('1985-06-01', '001', '830000')]],
    ['not an identity number', '123456789012345', []],
  ])('%s', (_, text, forms) => {
    expect(idNumberForms(text)).toEqual(forms)
  })

  test('an old number needs a region and a birthday', () => {
    expect(isOldIdNumber('410702900307123')).toBe(true)
    expect(isOldIdNumber('410702900231123')).toBe(false)
    expect(isOldIdNumber('990702900307123')).toBe(false)
  })
})

describe('a unified social credit code', () => {
  test.each([
    ['valid', '91350100M000100Y43', { ok: true }],
    ['valid, in lower case', '91350100m000100y43', { ok: true, normalised: '91350100M000100Y43' }],
    ['one place short', '91350100M000100Y4', { ok: false, part: 'LENGTH' }],
    ['an O for a zero', '91350100MO00100Y43', { ok: false, part: 'CHARACTERS' }],
    ['a letter in the region', '9135010AM000100Y43', { ok: false, part: 'CHARACTERS' }],
    ['a wrong check character', '91350100M000100Y44', { ok: false, part: 'CHECK_DIGIT' }],
  ])('is judged: %s', (_, text, expected) => {
    expect(checkUscc(text)).toMatchObject(expected)
  })

  const anyCode = fc
    .tuple(fc.stringMatching(/^[159][0-9]{7}$/), fc.stringMatching(/^[0-9A-HJ-NP-RTUWXY]{9}$/))
    .map(([front, organisation]) => front + organisation + usccCheckCharacterOf(front + organisation))

  test('agrees with stdnum, except that stdnum knows no check character 0', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        expect(checkUscc(code).ok).toBe(true)
        expect(stdnum.CN?.uscc?.validate(code).isValid).toBe(!code.endsWith('0'))
      }),
      { numRuns: 3000 },
    )
  })

  test('any single place changed is noticed', () => {
    fc.assert(
      fc.property(anyCode, fc.nat(17), fc.constantFrom(...'0123456789ABCDEFGHJKLMNPQRTUWXY'), (code, place, character) => {
        fc.pre(code[place] !== character)
        expect(checkUscc(code.slice(0, place) + character + code.slice(place + 1)).ok).toBe(false)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('the schemas', () => {
  const firstMessage = (result: { success: boolean; error?: { issues: { message: string }[] } | undefined }): string =>
    result.error?.issues[0]?.message ?? ''

  test('an identity number comes out in upper case, or with the one reason', () => {
    expect(idNumberText.parse('11010119900307002x')).toBe('11010119900307002X')
    const refused = idNumberText.safeParse('110101199002311234')
    expect(refused.error?.issues).toHaveLength(1)
    expect(firstMessage(refused)).toContain('出生日期')
    expect(usccText.parse('91350100m000100y43')).toBe('91350100M000100Y43')
    expect(firstMessage(usccText.safeParse('1'))).toContain('18位')
  })

  test.each([
    ['阿卜杜拉·买买提', '阿卜杜拉·买买提'],
    ['阿卜杜拉•买买提', '阿卜杜拉·买买提'],
    ['张三', '张三'],
    ['𬱖𠮷', '𬱖𠮷'],
    ['Jose\u0301 A. Perez-O’Neil', 'José A. Perez-O’Neil'],
  ])('the name %s is accepted', (name, expected) => {
    expect(personName.parse(name)).toBe(expected)
  })

  test.each([
    ['one character', '张', '2至50'],
    ['fifty-one characters', '张'.repeat(51), '2至50'],
    ['a zero-width space', '张\u200B三', '不可见'],
    ['a right-to-left mark', '张\u202E三', '不可见'],
    ['a variation selector', '葛\uFE00三', '不可见'],
    ['a Hangul filler', '张\u3164三', '不可见'],
    ['a line break', '张\n三', '不可见'],
    ['a private-use character', '张\uE000', '自造字'],
    ['a digit', '张3', '文字'],
    ['markup', '张<b>', '文字'],
    ['a formula', '=张三', '文字'],
    ['a dot at the end', '买买提·', '文字'],
    ['two dots', '阿卜··买', '文字'],
    ['a blank before', ' 张三', '文字'],
    ['fifty letters and a bad end, answered at once', `${'a'.repeat(49)}!`, '文字'],
  ])('a name with %s is refused', (_, name, message) => {
    expect(firstMessage(personName.safeParse(name))).toContain(message)
  })

  test.each([
    ['6222021001112223331', true],
    ['6222021001112223332', false],
    ['4111111111111111', true],
    ['4111111111111112', false],
    ['4111 1111 1111 1111', false],
    ['42', false],
    ['00000000000000000000', false],
  ])('the bank card %s', (card, accepted) => {
    expect(bankCardText.safeParse(card).success).toBe(accepted)
  })

  test('a bank card agrees with the check sum worked out another way', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{12,19}$/), (card) => {
        const digits = Array.from(card, Number).reverse()
        const doubled = digits.map((digit, place) => [digit, digit * 2 - (digit > 4 ? 9 : 0)][place % 2] ?? 0)
        expect(bankCardText.safeParse(card).success).toBe(doubled.reduce((sum, value) => sum + value, 0) % 10 === 0)
      }),
      { numRuns: 1000 },
    )
  })

  test('every example of a schema is itself accepted', () => {
    for (const schema of [idNumberText, usccText, bankCardText, mobileText, personName]) {
      const { example } = schema.meta() as { example: string }
      expect(schema.safeParse(example).success, example).toBe(true)
    }
  })

  test.each([
    ['13800001234', true],
    ['12800001234', false],
    ['1380000123', false],
    ['+8613800001234', false],
    ['１３８００００１２３４', false],
  ])('the mobile number %s', (text, accepted) => {
    expect(mobileText.safeParse(text).success).toBe(accepted)
  })
})
