import { CASE_KINDS, type CaseKind } from '#contracts/cases.ts'
import type { Post } from '#contracts/posts.ts'
import { maySee } from '../api/auth-provider.ts'
import type { Answer } from '../api/client.ts'
import { holds, type Me } from '../api/session.ts'

type Counts = Answer<'countTasks'>

export interface PageLink {
  readonly label: string
  readonly to: string
  /** Name in the auth provider; absent when anyone signed in may open it. */
  readonly page?: string
  readonly count?: (counts: Counts) => number
  /** Where it leads while it has a count that is of a part of its list: a number is the total of what one finds behind it. */
  readonly counted?: string
  readonly urgent?: boolean
}

export interface PageGroup {
  readonly title: string
  /** Offered to these posts only; everybody else may still follow a link to such a case. */
  readonly posts?: readonly Post[]
  readonly pages: readonly PageLink[]
}

/** The address of a list with its filter, as react-admin reads it. */
export const listAddress = (list: string, filter: Readonly<Record<string, string>>): string =>
  Object.keys(filter).length === 0 ? `/${list}` : `/${list}?filter=${encodeURIComponent(JSON.stringify(filter))}`

const countOf = (kind: CaseKind) => (counts: Counts) =>
  counts.byStage.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.count, 0)

const kindGroup = (kind: CaseKind, extra: readonly PageLink[] = []): PageGroup => ({
  title: CASE_KINDS[kind],
  pages: [
    { label: '待办案件', to: listAddress('todo', { kind }), count: countOf(kind) },
    { label: '全部案件', to: listAddress('cases', { kind }) },
    ...extra,
  ],
})

/** The left menu: one's own lists, then business by kind, then money, then the house. The palette offers the same. */
const PAGE_GROUPS: readonly PageGroup[] = [
  {
    title: '我的工作',
    pages: [
      { label: '工作台', to: '/' },
      { label: '待办', to: '/todo', count: (counts) => counts.todo, urgent: true },
      { label: '已办', to: '/done' },
      { label: '我发起', to: '/started', count: (counts) => counts.started },
      { label: '抄送', to: '/copied', count: (counts) => counts.unread, counted: listAddress('copied', { unread: 'true' }) },
      { label: '全部案件', to: '/cases' },
    ],
  },
  kindGroup('loan', [{ label: '新建贷款申请', to: '/loan/create', page: 'loan.create' }]),
  { ...kindGroup('staff-change'), posts: ['SYS_ADMIN', 'SEC_ADMIN', 'LOG_ADMIN', 'INTERNAL_AUDIT'] },
  {
    title: '资金',
    pages: [
      { label: '划款', to: '/payments', page: 'payments' },
      { label: '总账余额', to: '/balances', page: 'balances' },
    ],
  },
  {
    title: '管理',
    pages: [
      { label: '人员与岗位', to: '/staff' },
      { label: '工作日历', to: '/calendar' },
      { label: '异常', to: '/incidents', page: 'incidents' },
    ],
  },
]

/** The groups and pages that this person is offered. */
export const pagesFor = (me: Me | undefined): PageGroup[] =>
  PAGE_GROUPS.filter(({ posts }) => !posts || holds(me, ...posts))
    .map((group) => ({ ...group, pages: group.pages.filter(({ page }) => !page || maySee(page, me)) }))
    .filter(({ pages }) => pages.length > 0)
