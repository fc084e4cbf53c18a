/**
 * What an outsider's eye may keep of a person's particulars. Masked by the API before an answer leaves, never by the console. The mask
 * never tells more than the pattern: a text too short for its pattern is covered whole.
 */

/** 张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三, one star for each character covered; a single character is covered. */
export function maskName(name: string): string {
  const characters = Array.from(name)
  if (characters.length <= 1) return '*'.repeat(characters.length)
  const last = characters.length > 2 ? characters.at(-1) : '*'
  return `${characters[0]}${'*'.repeat(Math.max(characters.length - 2, 0))}${last}`
}

/** Endings by which a firm, an authority or a bank is known; whatever has none of them may be a person, however long the name. */
const ORGANISATIONS =
  /(公司|集团|厂|商行|商店|银行|支行|分行|营业部|分理处|合作社|联社|事务所|管理处|管理局|管理部|委员会|中心|协会|基金会|医院|学校|学院|大学|研究院|研究所|合伙企业|有限合伙）|普通合伙）)$/

/** Who sells a home, owns an account or is paid: an organisation's name is not personal and stays; a person's is masked. */
export const maskHolder = (name: string): string => (ORGANISATIONS.test(name.trim()) ? name : maskName(name))

/** 110101199003071234 → 110101********1234; an old number of fifteen keeps the same ends. */
export const maskIdNumber = (idNumber: string): string => maskMiddle(idNumber, 6, 4)

/** 13800001234 → 138****1234. */
export const maskPhone = (phone: string): string => maskMiddle(phone, 3, 4)

/** 6222021001112223336 → ***************3336: the last four places. */
export const maskAccount = (account: string): string => maskMiddle(account, 0, 4)

function maskMiddle(text: string, headLength: number, tailLength: number): string {
  const characters = Array.from(text)
  const covered = characters.length - headLength - tailLength
  // Fewer stars than shown places would leave little to guess.
  if (covered < 4) return '*'.repeat(characters.length)
  return [...characters.slice(0, headLength), '*'.repeat(covered), ...characters.slice(-tailLength)].join('')
}
