import { checkIdNumber } from '#contracts/identity.ts'
import type { Post } from '#contracts/posts.ts'
import type { Relation, StaffChangeWord } from '#contracts/staff-change.ts'
import type { Answer, Request } from '../api/client.ts'

export type Unit = Answer<'findUnits'>['rows'][number]

/** A change as it is typed; each word asks for some of it. An empty number, and an employer that is kept, stay as they are on record. */
export interface TypedChange {
  readonly orgId: string
  readonly post: Post | ''
  readonly subject: string
  readonly idNumber: string
  readonly employer: 'KEEP' | 'SET' | 'CLEAR'
  readonly unit: Unit | null
  readonly relation: Relation | ''
}

export const nothingTyped = (orgId: string): TypedChange => ({
  orgId,
  post: '',
  subject: '',
  idNumber: '',
  employer: 'KEEP',
  unit: null,
  relation: '',
})

type Content = Partial<Pick<Request<'proposeStaffChange'>['body'], 'post' | 'postOrgId' | 'subject' | 'particulars' | 'relative'>>

/** What is sent of it; undefined while something that the change asks for is missing or wrong. */
export function contentOf(change: StaffChangeWord, typed: TypedChange, choices: readonly Post[]): Content | undefined {
  const { orgId, post, relation } = typed
  const [subject, idNumber] = [typed.subject.trim(), typed.idNumber.trim()]
  switch (change) {
    case 'GRANT_POST':
    case 'REVOKE_POST':
      return post && choices.includes(post) ? { post, postOrgId: orgId } : undefined
    case 'BIND_IDENTITY':
      return subject ? { subject } : undefined
    case 'SET_PARTICULARS':
      return particularsOf(typed)
    case 'ADD_RELATIVE':
      return relation && checkIdNumber(idNumber).ok ? { relative: { relation, idNumber } } : undefined
    case 'END_RELATIVE':
      return checkIdNumber(idNumber).ok ? { relative: { idNumber } } : undefined
    default:
      return {}
  }
}

function particularsOf({ idNumber, employer, unit }: TypedChange): Content | undefined {
  const number = idNumber.trim()
  if ((number === '' && employer === 'KEEP') || (employer === 'SET' && !unit)) return undefined
  if (number !== '' && !checkIdNumber(number).ok) return undefined
  return {
    particulars: {
      ...(number === '' ? {} : { idNumber: number }),
      ...(employer === 'KEEP' ? {} : { employerUnitId: employer === 'SET' ? (unit?.unitId ?? null) : null }),
    },
  }
}
