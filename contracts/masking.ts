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
