import { POSTS, type Post } from '#contracts/posts.ts'
import { Box, Button, MenuItem, Paper, Table, TableBody, TableCell, TableHead, TableRow, TextField } from '@mui/material'
import { useState } from 'react'
import { call, type Answer } from '../api/client.ts'
import { maySee } from '../api/auth-provider.ts'
import { useMe } from '../api/session.ts'
import { usePages } from '../api/use-pages.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { PageHead } from '../common/PageHead.tsx'
import { Empty, Panel } from '../common/Panel.tsx'
import { countText, ShowMore } from '../common/ShowMore.tsx'
import { Tag, type Tone } from '../common/Tag.tsx'
import { JoinDialog } from './JoinDialog.tsx'
import { DelegateDialog, HandOverDialog } from './OwnWorkDialogs.tsx'
import { StaffChangeDialog } from './StaffChangeDialog.tsx'
import { useStaffFilter } from './use-staff-filter.ts'

type StaffRow = Answer<'listStaff'>['rows'][number]
type Asking = { readonly kind: 'DELEGATE' | 'HAND_OVER' | 'JOIN' } | { readonly kind: 'CHANGE'; readonly person: StaffRow }

const STATES: Readonly<Record<StaffRow['state'], { label: string; tone: Tone }>> = {
  ACTIVE: { label: '在岗', tone: 'good' },
  LOCKED: { label: '已锁定', tone: 'bad' },
  LEFT: { label: '已离岗', tone: 'neutral' },
}

/** 人员与岗位: who may do what where. A change is proposed here and takes effect when a second person has confirmed it. */
export const Staff = () => {
  const me = useMe()
  const { data, error, more } = usePages(['staff', ''], (from, signal) => call('listStaff', { query: from }, { signal }))
  const { text, inputProps, q, post, choosePost } = useStaffFilter()
  const [asking, setAsking] = useState<Asking>()
  if (error && !data) return <ReadProblem error={error} />
  const shown = (data?.rows ?? []).filter(
    (row) =>
      (q === '' || `${row.name}${row.staffNumber}${row.orgName}`.includes(q)) &&
      (post === '' || row.posts.some((held) => held.post === post)),
  )
  const close = (): void => setAsking(undefined)
  return (
    <>
      <PageHead
        title="人员与岗位"
        trail={[['管理']]}
        actions={
          <Box sx={{ display: 'flex', gap: 1 }}>
            {maySee('staff.propose', me) && (
              <Button variant="contained" onClick={() => setAsking({ kind: 'JOIN' })}>
                人员入职
              </Button>
            )}
            <Button variant="outlined" onClick={() => setAsking({ kind: 'DELEGATE' })} disabled={!me?.posts.length}>
              委托代理
            </Button>
            <Button variant="outlined" onClick={() => setAsking({ kind: 'HAND_OVER' })} disabled={!me?.posts.length}>
              移交待办
            </Button>
          </Box>
        }
      />
      <Paper sx={{ p: 1.5, mb: 1.5, display: 'flex', gap: 1.25 }}>
        <TextField label="姓名、工号、机构" value={text} {...inputProps} sx={{ width: 240 }} />
        <TextField select label="岗位" value={post} onChange={({ target }) => choosePost(target.value)} sx={{ width: 180 }}>
          <MenuItem value="">全部</MenuItem>
          {(Object.keys(POSTS) as Post[]).map((code) => (
            <MenuItem key={code} value={code}>
              {POSTS[code]}
            </MenuItem>
          ))}
        </TextField>
      </Paper>
      <Panel flush title={data ? foundText(data.latest.total, data.rows.length, shown.length) : '正在读取…'}>
        {shown.length > 0 ? (
          <StaffTable rows={shown} mayPropose={maySee('staff.propose', me)} onPropose={(person) => setAsking({ kind: 'CHANGE', person })} />
        ) : (
          <Empty>{data ? '没有符合的人员。' : '正在读取…'}</Empty>
        )}
        <ShowMore more={more} />
      </Panel>
      {asking?.kind === 'CHANGE' && <StaffChangeDialog person={asking.person} onClose={close} />}
      {asking?.kind === 'JOIN' && <JoinDialog onClose={close} />}
      {asking?.kind === 'DELEGATE' && <DelegateDialog people={data?.rows ?? []} onClose={close} />}
      {asking?.kind === 'HAND_OVER' && <HandOverDialog people={data?.rows ?? []} onClose={close} />}
    </>
  )
}

/** Looked for is among those that have been read: whoever is not among them may be here all the same, and the heading says so. */
const foundText = (total: number, read: number, shown: number): string => {
  if (read < total) return shown < read ? `共 ${total} 人，已读取 ${read} 人，其中符合 ${shown} 人` : countText(total, read, '人')
  return `共 ${shown} 人`
}

const StaffTable = ({
  rows,
  mayPropose,
  onPropose,
}: {
  rows: readonly StaffRow[]
  mayPropose: boolean
  onPropose: (person: StaffRow) => void
}) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        <TableCell>工号</TableCell>
        <TableCell>姓名</TableCell>
        <TableCell>机构</TableCell>
        <TableCell>岗位</TableCell>
        <TableCell>状态</TableCell>
        {mayPropose && <TableCell>操作</TableCell>}
      </TableRow>
    </TableHead>
    <TableBody>
      {rows.map((row) => (
        <TableRow key={row.id} hover>
          <TableCell>{row.staffNumber}</TableCell>
          <TableCell>{row.name}</TableCell>
          <TableCell>{row.orgName}</TableCell>
          <TableCell>
            <Box sx={{ display: 'flex', gap: 0.5, flexWrap: 'wrap' }}>
              {row.posts.map(({ post, orgId, orgName }) => (
                <Tag key={post + orgId} title={orgName}>
                  {POSTS[post]}
                  {orgId === row.orgId ? '' : ` · ${orgName}`}
                </Tag>
              ))}
            </Box>
          </TableCell>
          <TableCell>
            <Tag tone={STATES[row.state].tone}>{STATES[row.state].label}</Tag>
          </TableCell>
          {mayPropose && (
            <TableCell>
              <Button onClick={() => onPropose(row)} aria-label={`提出变更：${row.name}`} disabled={row.state === 'LEFT'}>
                提出变更
              </Button>
            </TableCell>
          )}
        </TableRow>
      ))}
    </TableBody>
  </Table>
)
