import { createHmac } from 'node:crypto'
import { plainDate } from '#contracts/dates.ts'
import { SECOND_FACTOR_POSTS, type Post } from '#contracts/posts.ts'
import type { Vault } from '../vault.ts'
import type { FirstPerson } from '../write/founding.ts'
import { idNumbers } from './identities.ts'
import { personNameOf } from './names.ts'
import { BANKS, BRANCHES, CENTRES, COURT, GUARANTORS, MAIN_BRANCH } from './orgs.ts'
import type { Random } from './random.ts'

/** A member of staff as the seed knows them. */
export interface Officer {
  readonly staffId: string
  readonly staffNumber: string
  readonly name: string
  readonly orgId: string
  readonly posts: readonly Post[]
  readonly idNumber: string
  /** Base32, for those who need a second factor; derived under the installation's key, so no two demos share one. */
  readonly totpSecret: string | null
}

type Place = readonly Post[]

/** Desk work may lie in one hand; each level of review is another person, and the main branch has a second one for recusals. */
const BRANCH_PLACES: readonly Place[] = [
  ['INTAKE', 'CONTRIBUTION'],
  ['CONTRACTING', 'COLLATERAL', 'POST_LOAN'],
  ['PRELIMINARY_REVIEWER'],
  ['REVIEWER'],
]
const MAIN_BRANCH_EXTRA: readonly Place[] = [['INTAKE', 'CONTRACTING'], ['PRELIMINARY_REVIEWER'], ['REVIEWER']]

const CITY_CENTRE_PLACES: readonly Place[] = [
  ['APPROVER'],
  ['APPROVER'],
  ['DEPUTY_DIRECTOR'],
  ['DIRECTOR'],
  ['DISBURSEMENT'],
  ['CASHIER'],
  ['CASHIER'],
  ['ACCOUNTANT'],
  ['ACCOUNTING_REVIEWER'],
  ['TREASURY'],
  ['RISK'],
  ['POLICY_ADMIN', 'STATISTICS'],
  ['POLICY_APPROVER'],
  ['JUDICIAL_OFFICER'],
  ['JUDICIAL_REVIEWER'],
  ['INTERNAL_AUDIT'],
  ['SYS_ADMIN'],
  ['SEC_ADMIN'],
  ['LOG_ADMIN'],
]
/** A small centre reports on its own, so a whole loan must be possible within it. */
const COUNTY_CENTRE_PLACES: readonly Place[] = [
  ['APPROVER'],
  ['DEPUTY_DIRECTOR'],
  ['DIRECTOR'],
  ['DISBURSEMENT', 'TREASURY'],
  ['CASHIER'],
  ['ACCOUNTANT'],
]

/** Its people's rights change under two people of its own, and a third looks at what they do. */
const COUNTY_ADMINISTRATORS: readonly Place[] = [['SYS_ADMIN'], ['SEC_ADMIN'], ['LOG_ADMIN']]

/** What went wrong with its money is looked into by somebody of its own, who has had no hand in it. */
const COUNTY_RISK: readonly Place[] = [['RISK']]

const PLACES: readonly { readonly orgId: string; readonly letter: string; readonly places: readonly Place[] }[] = [
  { orgId: CENTRES.xinxiang, letter: 'A', places: CITY_CENTRE_PLACES },
  { orgId: CENTRES.changyuan, letter: 'A', places: COUNTY_CENTRE_PLACES },
  ...BRANCHES.map(({ orgId }) => ({
    orgId,
    letter: 'A',
    places: orgId === MAIN_BRANCH ? [...BRANCH_PLACES, ...MAIN_BRANCH_EXTRA] : BRANCH_PLACES,
  })),
  ...BANKS.map(({ orgId }) => ({ orgId, letter: 'B', places: [['BANK_MAKER'], ['BANK_CHECKER']] satisfies Place[] })),
  ...GUARANTORS.map(({ orgId }) => ({ orgId, letter: 'G', places: [['GUARANTOR_MAKER'], ['GUARANTOR_CHECKER']] satisfies Place[] })),
  { orgId: COURT.orgId, letter: 'C', places: [['COURT_OFFICER']] },
  // Last, though of the centre: whoever is drawn later leaves everybody before as they were, name, number and all.
  { orgId: CENTRES.changyuan, letter: 'A', places: COUNTY_ADMINISTRATORS },
  { orgId: CENTRES.changyuan, letter: 'A', places: COUNTY_RISK },
]

/** Everybody who can log in, each with a name of their own. */
export function makeOfficers(random: Random, vault: Vault): Officer[] {
  const names = new Set<string>()
  const idNumber = idNumbers(random)
  const numbers = new Map<string, number>()
  return PLACES.flatMap(({ orgId, letter, places }) =>
    places.map((posts): Officer => {
      const number = (numbers.get(letter) ?? 0) + 1
      numbers.set(letter, number)
      const staffNumber = `${letter}${String(number).padStart(4, '0')}`
      const secondFactor = posts.some((post) => SECOND_FACTOR_POSTS.includes(post))
      const born = plainDate(
        `${random.int(1970, 1998)}-${String(random.int(1, 12)).padStart(2, '0')}-${String(random.int(1, 28)).padStart(2, '0')}`,
      )
      return {
        staffId: random.uuid(),
        staffNumber,
        name: newName(names, random),
        orgId,
        posts,
        idNumber: idNumber(born, random.chance(50) ? 'MALE' : 'FEMALE'),
        totpSecret: secondFactor ? base32(createHmac('sha1', vault.hash(`one-time code of ${staffNumber}`)).digest()) : null,
      }
    }),
  )
}

function newName(taken: Set<string>, random: Random): string {
  for (;;) {
    const name = personNameOf(random)
    if (taken.has(name)) continue
    taken.add(name)
    return name
  }
}

/** Twenty bytes as thirty-two letters, the way authenticator applications read them (RFC 4648). */
function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(Number.parseInt(five, 2))).join('')
}

/** Long before the demo's first day, so that the history has its people. */
export const SINCE = plainDate('2020-01-01')

/** The officers as a house is founded with them. One password for all, which nobody has to change: it is a demo's. */
export const firstPeople = (officers: readonly Officer[], passwordHash: string): FirstPerson[] =>
  officers.map(({ staffId, staffNumber, name, orgId, posts, idNumber, totpSecret }) => ({
    staffId,
    staffNumber,
    name,
    idNumber,
    orgId,
    posts,
    passwordHash,
    mustChangePassword: false,
    totpSecret,
  }))
