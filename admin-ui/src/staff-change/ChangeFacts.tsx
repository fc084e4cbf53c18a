import { POSTS } from '#contracts/posts.ts'
import { RELATIONS, STAFF_CHANGES } from '#contracts/staff-change.ts'
import { Box } from '@mui/material'
import type { Answer } from '../api/client.ts'
import { useCall } from '../api/use-call.ts'
import { Part } from '../cases/tabs/ApplicationTab.tsx'
import { Empty, Facts, type Fact } from '../common/Panel.tsx'
import { Tag } from '../common/Tag.tsx'
import { InitialPassword } from './InitialPassword.tsx'

type Change = Answer<'readStaffChange'>
type Particulars = NonNullable<Change['particulars']>

const STATES = { ACTIVE: '在岗', LOCKED: '已锁定', LEFT: '已离岗' } as const

/** What would change, of whom, and why: what the second person must have read before they confirm. */
export const ChangeFacts = ({ caseId }: { caseId: string }) => {
  const { data, error } = useCall(['case', caseId, 'staff-change'], 'readStaffChange', { params: { caseId } })
  if (error) return <Empty>变更内容暂时无法读取：{error.message}</Empty>
  if (!data) return <Empty>正在读取变更内容…</Empty>
  const { staff, newcomer, particulars, relative, standing } = data
  const about = [data.post ? POSTS[data.post] : undefined, data.postOrgName, data.subject].filter(Boolean).join(' · ')
  return (
    <>
      <InitialPassword caseId={caseId} waits={data.passwordWaits} />
      <Part title="提请的变更">
        <Facts
          columns={2}
          facts={[
            { label: '变更', value: <strong>{STAFF_CHANGES[data.change]}</strong> },
            ...(newcomer
              ? [
                  { label: '入职人员', value: `${newcomer.name}（${newcomer.staffNumber}）` },
                  { label: '入职机构', value: newcomer.orgName },
                  { label: '首任岗位', value: about || '暂不任职' },
                ]
              : about
                ? [{ label: '变更内容', value: about }]
                : []),
            ...(particulars ? particularsFacts(particulars) : []),
            ...(relative
              ? [
                  { label: '近亲属', value: relative.relation ? RELATIONS[relative.relation] : '注销登记' },
                  { label: '其身份证号码', value: relative.idNumber },
                ]
              : []),
            { label: '理由', value: data.reason, wide: true },
          ]}
        />
      </Part>
      {staff && <StaffFacts staff={staff} standing={standing} />}
    </>
  )
}

/** What recusal would go by, as far as it changes. The number stays covered: the paper it comes from lies before whoever confirms. */
const particularsFacts = ({ idNumber, employer }: Particulars): Fact[] => [
  ...(idNumber ? [{ label: '身份证号码', value: idNumber }] : []),
  ...(employer ? [{ label: '其他工作单位', value: employer.unitName ?? '没有' }] : []),
]

const StaffFacts = ({ staff, standing }: { staff: NonNullable<Change['staff']>; standing: Change['standing'] }) => (
  <Part title="涉及人员现状">
    <Facts
      columns={2}
      facts={[
        { label: '姓名', value: `${staff.name}（${staff.staffNumber}）` },
        { label: '所在机构', value: staff.orgName },
        { label: '账号状态', value: STATES[staff.state] },
        {
          label: '现任岗位',
          value: (
            <Box component="span" sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap' }}>
              {staff.posts.length === 0 && '无'}
              {staff.posts.map(({ post, orgId, orgName }) => (
                <Tag key={post + orgId}>{orgId === staff.orgId ? POSTS[post] : `${POSTS[post]} · ${orgName}`}</Tag>
              ))}
            </Box>
          ),
        },
        ...(standing
          ? [
              { label: '身份证号码', value: standing.idNumber ?? '未登记' },
              { label: '其他工作单位', value: standing.employer?.unitName ?? '没有' },
              { label: '已登记近亲属', value: standing.relatives.map((one) => RELATIONS[one]).join('、') || '没有' },
            ]
          : []),
      ]}
    />
  </Part>
)
