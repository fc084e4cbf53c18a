import { z } from 'zod'
import { parsePlainDate, type PlainDate } from './dates.ts'

export type Sex = 'MALE' | 'FEMALE'

/** The part of an identity number that is wrong. Only the first is named: what follows a wrong part says nothing. */
export type IdNumberPart = 'LENGTH' | 'CHARACTERS' | 'REGION' | 'DATE' | 'FUTURE' | 'CHECK_DIGIT'

export type IdNumberCheck =
  | { readonly ok: true; readonly bornOn: PlainDate; readonly sex: Sex; readonly normalised: string }
  | { readonly ok: false; readonly part: IdNumberPart; readonly text: string }

/**
 * 公民身份号码 by GB 11643-1999: eighteen places, last place a check digit. A final lower-case x is normalised with X; nothing else is
 * mended, trimmed or guessed, and no correction is offered: a number that is almost right belongs to somebody else.
 * @param today when given, a birth after this day is refused as `FUTURE`.
 */
export function checkIdNumber(text: string, today?: PlainDate): IdNumberCheck {
  const wrong = (part: IdNumberPart, reason: string = ID_NUMBER_TEXTS[part]): IdNumberCheck => ({ ok: false, part, text: reason })
  const length = Array.from(text).length
  if (length === 15 && isOldIdNumber(text)) return wrong('LENGTH', OLD_ID_NUMBER_TEXT)
  if (length !== 18) return wrong('LENGTH')
  if (!/^[0-9]{17}[0-9Xx]$/.test(text)) return wrong('CHARACTERS')
  if (!isRegion(text)) return wrong('REGION')
  const bornOn = parsePlainDate(`${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`)
  if (!bornOn) return wrong('DATE')
  if (today !== undefined && bornOn > today) return wrong('FUTURE')
  const normalised = text.toUpperCase()
  if (checkDigitOf(text.slice(0, 17)) !== normalised[17]) return wrong('CHECK_DIGIT')
  return { ok: true, bornOn, sex: Number(text[16]) % 2 === 1 ? 'MALE' : 'FEMALE', normalised }
}

/** The eighteenth place for the first seventeen (ISO 7064 MOD 11-2), `X` for ten. @throws RangeError unless given seventeen digits. */
export function checkDigitOf(first17: string): string {
  if (!/^[0-9]{17}$/.test(first17)) throw new RangeError('seventeen digits are needed')
  const remainder = Array.from(first17).reduce((product, digit) => ((product + Number(digit)) * 2) % 11, 0)
  const check = (12 - remainder) % 11
  return check === 10 ? 'X' : String(check)
}

/**
 * Whether the text is a well-formed fifteen-digit number of the first generation of identity cards (not valid since 2013-01-01, still met
 * in old files): region, two-digit year of the twentieth century, sequence.
 */
export const isOldIdNumber = (text: string): boolean => /^[1-7][0-9]{14}$/.test(text) && isRegion(text) && oldBirth(text) !== undefined

/**
 * Every form under which the holder of this number may be on file, for matching only: the number itself, and its older or newer form. A
 * number of 18 places has an older form when the birth lies in 1900–1999. Empty when the text is neither a valid new nor an old number.
 */
export function idNumberForms(text: string): readonly string[] {
  const checked = checkIdNumber(text)
  if (checked.ok) {
    const { normalised } = checked
    const old = normalised.slice(0, 6) + normalised.slice(8, 17)
    return normalised.slice(6, 8) === '19' && isOldIdNumber(old) && !hasCentenarianSequence(old) ? [normalised, old] : [normalised]
  }
  if (!isOldIdNumber(text)) return []
  // Old sequences 996 to 999 were kept for people born before 1900, whose century the number does not tell.
  if (hasCentenarianSequence(text)) return [text]
  const first17 = `${text.slice(0, 6)}19${text.slice(6)}`
  return [first17 + checkDigitOf(first17), text]
}

const ID_NUMBER_TEXTS: Readonly<Record<IdNumberPart, string>> = {
  LENGTH: '身份证号码应为18位',
  CHARACTERS: '身份证号码只能由半角数字组成，末位可以是X',
  REGION: '身份证号码前6位的行政区划代码有误',
  DATE: '身份证号码第7至14位不是真实存在的出生日期',
  FUTURE: '身份证号码中的出生日期晚于今天',
  CHECK_DIGIT: '身份证号码末位校验码不符，请与证件逐位核对',
}
const OLD_ID_NUMBER_TEXT = '这是15位的第一代身份证号码，已于2013年1月1日停用，请按现行证件填写18位号码'

/**
 * Province codes of GB/T 2260, with 81, 82 and 83 for the residence permits of Hong Kong, Macao and Taiwan residents. County codes are
 * deliberately not checked: abolished counties live on in the numbers of those born there, and no closed list of them is published.
 */
const PROVINCES: ReadonlySet<string> = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
)

/** Permanent residence cards of foreigners (since 2023) put a 9 before the province, then three places for the nationality. */
const isRegion = (text: string): boolean => PROVINCES.has(text.startsWith('9') ? text.slice(1, 3) : text.slice(0, 2))

const oldBirth = (text: string): PlainDate | undefined =>
  parsePlainDate(`19${text.slice(6, 8)}-${text.slice(8, 10)}-${text.slice(10, 12)}`)

const hasCentenarianSequence = (old: string): boolean => old.slice(12) >= '996'

export type UsccPart = 'LENGTH' | 'CHARACTERS' | 'CHECK_DIGIT'

export type UsccCheck =
  | { readonly ok: true; readonly normalised: string }
  | { readonly ok: false; readonly part: UsccPart; readonly text: string }

/** GB 32100-2015: digits and capitals without I, O, S, V and Z, which are easily misread. */
const USCC_CHARACTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** 统一社会信用代码 by GB 32100-2015: registrar, class, six digits of region, nine of organisation, check character. Upper case is restored. */
export function checkUscc(text: string): UsccCheck {
  const normalised = text.toUpperCase()
  if (Array.from(text).length !== 18) return { ok: false, part: 'LENGTH', text: '统一社会信用代码应为18位' }
  if (!/^[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$/.test(normalised)) {
    return { ok: false, part: 'CHARACTERS', text: '统一社会信用代码只能由半角数字和大写字母组成，不含I、O、S、V、Z，第3至8位为数字' }
  }
  if (usccCheckCharacterOf(normalised.slice(0, 17)) !== normalised[17]) {
    return { ok: false, part: 'CHECK_DIGIT', text: '统一社会信用代码末位校验码不符，请与证照逐位核对' }
  }
  return { ok: true, normalised }
}

/** The last place for the first seventeen: weights are the powers of 3 modulo 31. @throws RangeError on any other text. */
export function usccCheckCharacterOf(first17: string): string {
  const values = Array.from(first17, (character) => USCC_CHARACTERS.indexOf(character))
  if (values.length !== 17 || values.includes(-1)) throw new RangeError('seventeen characters of the code alphabet are needed')
  // Horner's scheme from the right: each place weighs three times the one before it.
  const sum = values.reduceRight((total, value) => (total * 3 + value) % 31, 0)
  return USCC_CHARACTERS.charAt((31 - sum) % 31)
}

/** Whether the digits end in their own Luhn check digit (ISO/IEC 7812-1 annex B, JR/T 0008). False for anything but digits. */
export function isLuhn(digits: string): boolean {
  if (!/^[0-9]+$/.test(digits)) return false
  const sum = Array.from(digits)
    .reverse()
    .map((digit, place) => (place % 2 === 0 ? Number(digit) : Math.floor((2 * Number(digit)) / 10) + ((2 * Number(digit)) % 10)))
    .reduce((total, value) => total + value, 0)
  return sum % 10 === 0
}

/** An identity number as it comes in. Whether the birth lies in the future is asked by whoever holds the business date. */
export const idNumberText = z
  .string()
  .superRefine((text, context) => {
    const checked = checkIdNumber(text)
    if (!checked.ok) context.addIssue({ code: 'custom', message: checked.text, params: { part: checked.part } })
  })
  .transform((text) => text.toUpperCase())
  .meta({ id: 'IdNumber', description: '公民身份号码，18位', example: '11010119900307002X' })

export const usccText = z
  .string()
  .superRefine((text, context) => {
    const checked = checkUscc(text)
    if (!checked.ok) context.addIssue({ code: 'custom', message: checked.text, params: { part: checked.part } })
  })
  .transform((text) => text.toUpperCase())
  .meta({ id: 'Uscc', description: '统一社会信用代码，18位', example: '91350100M000100Y43' })

export const bankCardText = z
  .string()
  .regex(/^[0-9]{12,19}$/, { error: '银行卡号应为12至19位半角数字，不含空格', abort: true })
  .refine(isLuhn, { error: '银行卡号校验位不符，请与卡面逐位核对' })
  .meta({ id: 'BankCard', description: '银行卡号', example: '6222021001112223331' })

export const mobileText = z
  .string()
  .regex(/^1[3-9][0-9]{9}$/, { error: '手机号码应为11位半角数字，以13至19开头' })
  .meta({ id: 'Mobile', description: '中国内地手机号码', example: '13800001234' })

/**
 * Letters of any script with their marks, joined by single separators: the middle dot of names such as 阿卜杜拉·买买提, and the space, hyphen,
 * apostrophe and full stop of Latin names. Control, zero-width and variation marks have no place, nor have private-use characters: two
 * names that look alike must be the same text.
 */
const PERSON_NAME = /^\p{L}[\p{L}\p{Mn}\p{Mc}]*(?:(?:[·'’ -]|\. ?)\p{L}[\p{L}\p{Mn}\p{Mc}]*)*\.?$/u
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]/u

/** A person's name as on the document, 2 to 50 characters, in Unicode form NFC. The look-alikes of the middle dot become U+00B7. */
export const personName = z
  .string()
  .transform((text) => text.normalize('NFC').replace(/[•‧∙⋅・･]/g, '·'))
  .pipe(
    z
      .string()
      .refine((name) => !INVISIBLE.test(name), { error: '姓名含不可见字符，请重新键入', abort: true })
      .refine((name) => !/\p{Co}/u.test(name), { error: '姓名含自造字（私用区编码），请按GB 18030-2022改用正式编码', abort: true })
      .refine((name) => Array.from(name).length >= 2 && Array.from(name).length <= 50, { error: '姓名应为2至50个字', abort: true })
      .refine((name) => PERSON_NAME.test(name), { error: '姓名只能由文字组成，可用间隔号“·”' }),
  )
  .meta({ id: 'PersonName', description: '姓名，与证件一致', example: '阿卜杜拉·买买提' })
