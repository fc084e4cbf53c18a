import type { OrgKind } from '#contracts/posts.ts'
import { expect, test } from 'vitest'
import { servesSeveral } from './use-several-orgs.ts'

const ORGS: { orgId: string; kind: OrgKind }[] = [
  { orgId: 'centre', kind: 'CENTRE' },
  { orgId: 'branch-east', kind: 'BRANCH' },
  { orgId: 'branch-west', kind: 'BRANCH' },
  { orgId: 'bank', kind: 'BANK' },
]

test.each([
  ['管理部的人员只有本管理部的案件', ['branch-east', 'branch-east'], false],
  ['兼任或代理另一管理部岗位的，有两处的案件', ['branch-east', 'branch-west'], true],
  ['中心的岗位有各管理部的案件', ['centre'], true],
  ['受委托银行的岗位也是', ['bank'], true],
  ['没有岗位的，没有待办', [], false],
])('%s', (_sentence, held, several) =>
  expect(
    servesSeveral(
      held.map((orgId) => ({ orgId })),
      ORGS,
    ),
  ).toBe(several),
)

test('机构尚未读到时，只看岗位所在是否多于一处', () => {
  expect(servesSeveral([{ orgId: 'centre' }], [])).toBe(false)
  expect(servesSeveral([{ orgId: 'branch-east' }, { orgId: 'branch-west' }], [])).toBe(true)
})
