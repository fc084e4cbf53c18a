import { checkDigitOf } from '#contracts/identity.ts'
import type { StaffChangeWord } from '#contracts/staff-change.ts'
import { expect, test } from 'vitest'
import { contentOf, nothingTyped, type TypedChange } from './typed-change.ts'

const FIRST = '41989919900307002'
const NUMBER = FIRST + checkDigitOf(FIRST)
const UNIT = { unitId: '0b4a3a52-5d8e-4c1c-9d0e-3f1b5a0c7e11', unitNumber: 'U900001', name: '某单位' }

test.each<[string, StaffChangeWord, Partial<TypedChange>, ReturnType<typeof contentOf>]>([
  ['a lock asks for nothing', 'LOCK', { idNumber: NUMBER, post: 'INTAKE' }, {}],
  ['a post that may be given', 'GRANT_POST', { post: 'INTAKE' }, { post: 'INTAKE', postOrgId: 'here' }],
  ['a post that may not', 'GRANT_POST', { post: 'CASHIER' }, undefined],
  ['an identity of blanks', 'BIND_IDENTITY', { subject: '  ' }, undefined],
  ['an identity', 'BIND_IDENTITY', { subject: ' somebody ' }, { subject: 'somebody' }],
  ['no particulars', 'SET_PARTICULARS', {}, undefined],
  ['a number alone, with a blank behind it', 'SET_PARTICULARS', { idNumber: `${NUMBER} ` }, { particulars: { idNumber: NUMBER } }],
  ['a wrong number', 'SET_PARTICULARS', { idNumber: `${FIRST}A`, employer: 'CLEAR' }, undefined],
  ['an employer that is not chosen yet', 'SET_PARTICULARS', { idNumber: NUMBER, employer: 'SET' }, undefined],
  ['an employer', 'SET_PARTICULARS', { employer: 'SET', unit: UNIT }, { particulars: { employerUnitId: UNIT.unitId } }],
  [
    'no employer, whatever was chosen before',
    'SET_PARTICULARS',
    { employer: 'CLEAR', unit: UNIT },
    { particulars: { employerUnitId: null } },
  ],
  ['a relative', 'ADD_RELATIVE', { relation: 'SPOUSE', idNumber: NUMBER }, { relative: { relation: 'SPOUSE', idNumber: NUMBER } }],
  ['a relative of no kind', 'ADD_RELATIVE', { idNumber: NUMBER }, undefined],
  ['a relative no more', 'END_RELATIVE', { relation: 'SPOUSE', idNumber: NUMBER }, { relative: { idNumber: NUMBER } }],
  ['a relative without a number', 'END_RELATIVE', {}, undefined],
])('%s', (_what, change, given, sent) => expect(contentOf(change, { ...nothingTyped('here'), ...given }, ['INTAKE'])).toEqual(sent))
