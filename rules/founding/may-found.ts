import type { PlainDate } from '#contracts/dates.ts'
import type { FoundingCentre, FoundingFile } from '#contracts/founding.ts'
import { checkIdNumber } from '#contracts/identity.ts'
import { ORG_KINDS, POSTS, type OrgKind, type Post } from '#contracts/posts.ts'
import { incompatiblePosts } from '../cases/incompatible-posts.ts'
import { POST_LEVEL } from '../cases/post-level.ts'

/** What stands in the way, and where in the file it stands. */
export interface FoundingFlaw {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The three administrations that exclude one another (三员). The first two bring in everybody else; the third looks at what they do. */
const ADMINISTRATORS = ['SYS_ADMIN', 'SEC_ADMIN', 'LOG_ADMIN'] as const satisfies readonly Post[]

type Person = FoundingCentre['staff'][number]

/**
 * 建立. May a house be founded from this file? Every organisation and person is one, everybody holds posts that go together at an organisation
 * of their own centre where such posts are, and each centre can change its people's rights under two people from the first day.
 * @param on the day of the founding; `entities` those whose policy is published
 */
export function mayFound({ centres }: FoundingFile, { on, entities }: { on: PlainDate; entities: readonly string[] }): FoundingFlaw[] {
  const people = centres.flatMap(({ staff }, centre) =>
    staff.map((person, index) => ({ person, path: ['centres', centre, 'staff', index] })),
  )
  const orgs = centres.flatMap((centre, index) => orgsOf(centre).map(({ id, path }) => ({ id, path: ['centres', index, ...path, 'id'] })))
  const accounts = centres.flatMap((centre, index) => accountsOf(centre, ['centres', index]))
  return [
    ...centres.flatMap(({ entity }, index) =>
      entities.includes(entity)
        ? []
        : [{ path: ['centres', index, 'entity'], message: `没有此核算主体的政策参数；可用：${entities.join('、')}` }],
    ),
    ...twice(
      centres.map(({ entity }, index) => ({ text: entity, path: ['centres', index, 'entity'] })),
      '核算主体',
    ),
    ...twice(
      orgs.map(({ id, path }) => ({ text: id, path })),
      '机构标识',
    ),
    ...twice(accounts, '银行账号'),
    ...twice(
      people.map(({ person, path }) => ({ text: person.staffNumber, path: [...path, 'staffNumber'] })),
      '工号',
    ),
    ...twice(
      people.map(({ person, path }) => ({ text: person.idNumber, path: [...path, 'idNumber'] })),
      '身份证号码',
    ),
    ...centres.flatMap((centre, index) => missingAdministrators(centre, ['centres', index, 'staff'])),
    ...centres.flatMap((centre, index) =>
      centre.staff.flatMap((person, at) => flawsOf(person, centre, on, ['centres', index, 'staff', at])),
    ),
  ]
}

/** The organisations of a centre, itself first, each with its place. */
function orgsOf(centre: FoundingCentre): { id: string; kind: OrgKind; path: (string | number)[] }[] {
  const below = (kind: OrgKind, field: 'branches' | 'banks' | 'guarantors' | 'courts') =>
    centre[field].map(({ id }, index) => ({ id, kind, path: [field, index] }))
  return [
    { id: centre.id, kind: 'CENTRE', path: [] },
    ...below('BRANCH', 'branches'),
    ...below('BANK', 'banks'),
    ...below('GUARANTOR', 'guarantors'),
    ...below('COURT', 'courts'),
  ]
}

const accountsOf = ({ banks }: FoundingCentre, path: readonly (string | number)[]) =>
  banks.flatMap(({ depositAccount, surplusAccount }, index) => [
    { text: depositAccount.number, path: [...path, 'banks', index, 'depositAccount', 'number'] },
    ...(surplusAccount ? [{ text: surplusAccount.number, path: [...path, 'banks', index, 'surplusAccount', 'number'] }] : []),
  ])

/** What stands a second time. The text is not repeated: it may be an identity number. */
const twice = (given: readonly { readonly text: string; readonly path: readonly (string | number)[] }[], what: string): FoundingFlaw[] =>
  given
    .filter(({ text }, index) => given.findIndex((other) => other.text === text) < index)
    .map(({ path }) => ({ path, message: `${what}在文件中重复` }))

const missingAdministrators = ({ staff }: FoundingCentre, path: readonly (string | number)[]): FoundingFlaw[] =>
  ADMINISTRATORS.filter((post) => !staff.some(({ posts }) => posts.includes(post))).map((post) => ({
    path,
    message: `缺少${POSTS[post]}：系统管理员提出、安全管理员确认，其余人员方能入职；审计管理员独立于二者`,
  }))

function flawsOf(
  { orgId, posts, idNumber }: Person,
  centre: FoundingCentre,
  on: PlainDate,
  path: readonly (string | number)[],
): FoundingFlaw[] {
  const home = orgsOf(centre).find(({ id }) => id === orgId)
  const number = checkIdNumber(idNumber, on)
  return [
    ...(home ? [] : [{ path: [...path, 'orgId'], message: '本中心没有此机构' }]),
    ...(number.ok ? [] : [{ path: [...path, 'idNumber'], message: number.text }]),
    ...posts.flatMap((post, index) =>
      home && POST_LEVEL[post] !== home.kind
        ? [{ path: [...path, 'posts', index], message: `${POSTS[post]}设在${ORG_KINDS[POST_LEVEL[post]]}，不设在${ORG_KINDS[home.kind]}` }]
        : [],
    ),
    ...twice(
      posts.map((post, index) => ({ text: post, path: [...path, 'posts', index] })),
      '岗位',
    ),
    ...incompatiblePosts(posts).map(({ text }) => ({ path: [...path, 'posts'], message: text })),
  ]
}
