import { expect, test } from 'vitest'
import { mayConfirm, type StaffChangeRecord } from './may-confirm.ts'

const [SOMEBODY, CONFIRMER, PRINCIPAL] = ['somebody', 'confirmer', 'principal']
const record = (more: Partial<StaffChangeRecord>): StaffChangeRecord => ({
  change: 'LOCK',
  staffId: SOMEBODY,
  post: null,
  postsHeld: [],
  hasOneTimeCode: false,
  isBound: false,
  isIdentityTaken: false,
  isNumberTaken: false,
  hasIdNumber: true,
  isIdNumberTaken: false,
  isRelative: false,
  ...more,
})
const check = (given: Partial<StaffChangeRecord>, words: readonly string[]): void =>
  expect(mayConfirm(record(given), [CONFIRMER, PRINCIPAL]).map(({ text }) => text)).toEqual(words)

const [NO_ID, DOUBLE] = ['入职人员未登记身份证号码，请驳回后重新提出', '该身份证号码已登记在另一名在册人员名下，一人不得有两个工号']
const [OWN, NO_CODE, BOUND, TAKEN, UNBOUND] = [
  '变更涉及您本人，应当回避',
  '该人员未启用动态口令，无须重置',
  '该人员已绑定统一身份账号，须先解除',
  '该统一身份账号已绑定其他人员',
  '该人员没有绑定统一身份账号',
]
test.each<[string, Partial<StaffChangeRecord>, readonly string[]]>([
  ['a lock of somebody else', {}, []],
  ['a lock of oneself', { staffId: CONFIRMER }, [OWN]],
  ['a lock of whoever the confirmer stands in for', { staffId: PRINCIPAL }, ['变更涉及您所代理的人，应当回避']],
  ['a post that goes with those held', { change: 'GRANT_POST', post: 'COLLATERAL', postsHeld: ['CONTRACTING'] }, []],
  ['a post that does not', { change: 'GRANT_POST', post: 'REVIEWER', postsHeld: ['INTAKE'] }, ['岗位互不相容：受理岗、复审岗']],
  ['somebody who joins under a free number', { change: 'JOIN', staffId: null, post: 'INTAKE' }, []],
  ['somebody who joins under a taken one', { change: 'JOIN', staffId: null, isNumberTaken: true }, ['工号已有人使用']],
  ['somebody who joins without an identity number', { change: 'JOIN', staffId: null, hasIdNumber: false }, [NO_ID]],
  [
    'somebody who is here already and joins under a taken number',
    { change: 'JOIN', staffId: null, isNumberTaken: true, isIdNumberTaken: true },
    ['工号已有人使用', DOUBLE],
  ],
  ['particulars of somebody else', { change: 'SET_PARTICULARS' }, []],
  ['one’s own particulars', { change: 'SET_PARTICULARS', staffId: CONFIRMER }, [OWN]],
  ['a number that is another’s', { change: 'SET_PARTICULARS', isIdNumberTaken: true }, [DOUBLE]],
  ['the return of somebody who has come back as somebody else', { change: 'UNLOCK', isIdNumberTaken: true }, [DOUBLE]],
  ['a lock of somebody whose number is doubled', { change: 'LOCK', isIdNumberTaken: true }, []],
  ['a relative who is declared', { change: 'ADD_RELATIVE' }, []],
  ['one who is a member of staff as well', { change: 'ADD_RELATIVE', isIdNumberTaken: true }, []],
  ['one who has been declared before', { change: 'ADD_RELATIVE', isRelative: true }, ['该身份证号码已登记为此人的近亲属']],
  ['one who is taken back', { change: 'END_RELATIVE', isRelative: true }, []],
  ['one’s own relative', { change: 'END_RELATIVE', isRelative: true, staffId: CONFIRMER }, [OWN]],
  ['one who was never declared', { change: 'END_RELATIVE' }, ['该身份证号码没有登记为此人的近亲属']],
  ['a new password for somebody else', { change: 'RESET_PASSWORD' }, []],
  ['a new password for oneself', { change: 'RESET_PASSWORD', staffId: CONFIRMER }, [OWN]],
  ['a reset of somebody with a code', { change: 'RESET_CODE', hasOneTimeCode: true }, []],
  ['a reset of somebody without', { change: 'RESET_CODE' }, [NO_CODE]],
  ['a binding of a free identity', { change: 'BIND_IDENTITY' }, []],
  [
    'a binding of one that is somebody’s to a person who has one',
    { change: 'BIND_IDENTITY', isBound: true, isIdentityTaken: true },
    [BOUND, TAKEN],
  ],
  ['the end of a binding', { change: 'UNBIND_IDENTITY', isBound: true }, []],
  ['the end of one that there is not, of oneself', { change: 'UNBIND_IDENTITY', staffId: CONFIRMER }, [OWN, UNBOUND]],
])('%s', (_what, given, words) => check(given, words))
