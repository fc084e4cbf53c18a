import { expect, test } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import { foundingFile, type FoundingFile } from '#contracts/founding.ts'
import { exampleFounding } from '#contracts/founding-example.ts'
import { mayFound } from './may-found.ts'

type Draft = { -readonly [K in keyof FoundingFile['centres'][number]]: FoundingFile['centres'][number][K] }

/** What is wrong with the example once somebody has been at it, each flaw after its place. */
function check(change: (centre: Draft, file: FoundingFile) => void, expected: readonly string[]): void {
  const file = foundingFile.parse(structuredClone(exampleFounding))
  const [centre] = file.centres
  if (centre) change(centre, file)
  const flaws = mayFound(file, { on: plainDate('2025-11-21'), entities: ['xinxiang', 'changyuan'] })
  expect(flaws.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual(expected)
}
const person = (centre: Draft, index: number) => {
  const found = centre.staff[index]
  if (!found) throw new Error('the example has fewer people')
  return found
}
const MISSING = '系统管理员提出、安全管理员确认，其余人员方能入职；审计管理员独立于二者'

test.each<[string, (centre: Draft, file: FoundingFile) => void, readonly string[]]>([
  ['the example', () => {}, []],
  ['without a second administrator', (centre) => void centre.staff.splice(1, 1), [`centres.0.staff 缺少安全管理员：${MISSING}`]],
  ['without an auditor', (centre) => void centre.staff.splice(2, 1), [`centres.0.staff 缺少审计管理员：${MISSING}`]],
  [
    'one person as both administrators',
    (centre) => {
      person(centre, 0).posts = ['SYS_ADMIN', 'SEC_ADMIN']
      centre.staff.splice(1, 1)
    },
    ['centres.0.staff.0.posts 岗位互不相容：系统管理员、安全管理员'],
  ],
  [
    'an administrator with business',
    (centre) => (person(centre, 0).posts = ['SYS_ADMIN', 'CASHIER']),
    ['centres.0.staff.0.posts 系统管理员不得兼任业务岗位'],
  ],
  [
    'who takes in and reviews',
    (centre) => (person(centre, 3).posts = ['INTAKE', 'REVIEWER']),
    ['centres.0.staff.3.posts 岗位互不相容：受理岗、复审岗'],
  ],
  [
    'a clerk at the centre',
    (centre) => (person(centre, 3).orgId = 'centre-xinxiang'),
    ['centres.0.staff.3.posts.0 受理岗设在管理部，不设在中心', 'centres.0.staff.3.posts.1 归集岗设在管理部，不设在中心'],
  ],
  ['somebody of nowhere', (centre) => (person(centre, 3).orgId = 'branch-third'), ['centres.0.staff.3.orgId 本中心没有此机构']],
  ['two of one number', (centre) => (person(centre, 3).staffNumber = 'A0001'), ['centres.0.staff.3.staffNumber 工号在文件中重复']],
  [
    'one person under two numbers',
    (centre) => (person(centre, 3).idNumber = person(centre, 0).idNumber),
    ['centres.0.staff.3.idNumber 身份证号码在文件中重复'],
  ],
  ['a post twice', (centre) => (person(centre, 3).posts = ['INTAKE', 'INTAKE']), ['centres.0.staff.3.posts.1 岗位在文件中重复']],
  [
    'somebody not born yet',
    (centre) => (person(centre, 3).idNumber = '419899202601010016'),
    ['centres.0.staff.3.idNumber 身份证号码中的出生日期晚于今天'],
  ],
  [
    'two branches of one id',
    ({ branches: [one, two] }) => (one && two ? (two.id = one.id) : ''),
    ['centres.0.branches.1.id 机构标识在文件中重复'],
  ],
  [
    'deposits and surplus in one account',
    ({ banks: [bank] }) => (bank?.surplusAccount ? (bank.surplusAccount.number = bank.depositAccount.number) : ''),
    ['centres.0.banks.0.surplusAccount.number 银行账号在文件中重复'],
  ],
  [
    'a city whose policy nobody has published here',
    (centre) => (centre.entity = 'zhengzhou'),
    ['centres.0.entity 没有此核算主体的政策参数；可用：xinxiang、changyuan'],
  ],
])('%s', (_what, change, expected) => check(change, expected))

test('a second centre needs administrators of its own, and shares neither entity nor people with the first', () => {
  const file = foundingFile.parse(structuredClone(exampleFounding))
  const [first] = file.centres
  if (first) file.centres.push({ ...structuredClone(first), id: 'centre-other', staff: structuredClone(first.staff.slice(0, 1)) })
  const flaws = mayFound(file, { on: plainDate('2025-11-21'), entities: ['xinxiang', 'changyuan'] }).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  )
  expect(flaws).toEqual(
    expect.arrayContaining([
      'centres.1.entity 核算主体在文件中重复',
      'centres.1.branches.0.id 机构标识在文件中重复',
      'centres.1.staff.0.idNumber 身份证号码在文件中重复',
      `centres.1.staff 缺少安全管理员：${MISSING}`,
      'centres.1.staff.0.orgId 本中心没有此机构',
    ]),
  )
})
