import { Box, Table, TableBody, TableCell, TableHead, TableRow, Typography } from '@mui/material'
import { useCall } from '../../api/use-call.ts'
import { ApplicationFacts } from '../../loan/ApplicationFacts.tsx'
import { TermsFacts } from '../../loan/TermsFacts.tsx'
import { ChangeFacts } from '../../staff-change/ChangeFacts.tsx'
import { secondText } from '../../common/figures.ts'
import { Empty } from '../../common/Panel.tsx'
import { Tag, type Tone } from '../../common/Tag.tsx'
import { Reveal } from '../Reveal.tsx'
import { Contributions } from './Contributions.tsx'
import type { CaseView } from '../case-text.ts'

const ROLES = { BORROWER: '借款人', SPOUSE: '配偶', CHILD: '子女', CO_BORROWER: '共同借款人', SELLER: '卖方' } as const

const SOURCE_OUTCOMES: Readonly<Record<CaseView['sources'][number]['outcome'], { label: string; tone: Tone }>> = {
  MATCHED: { label: '一致', tone: 'good' },
  MISMATCHED: { label: '不一致', tone: 'bad' },
  UNAVAILABLE: { label: '未能取得', tone: 'warn' },
}

/** 申请与事实: what was applied for, by whom, and what the sources answered. */
export const ApplicationTab = ({ view }: { view: CaseView }) => (
  <Box sx={{ display: 'grid', gap: 2.5 }}>
    {view.case.kind === 'staff-change' && <ChangeFacts caseId={view.case.id} />}
    {view.case.kind === 'loan' && <TermsFacts caseId={view.case.id} />}
    {view.case.kind === 'loan' && (view.parties.length > 0 ? <LoanContent view={view} /> : <NotForCountersigners />)}
    {view.wants.length > 0 && (
      <Part title="需补正的材料">
        <Wants view={view} />
      </Part>
    )}
  </Box>
)

export const Part = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <Box component="section" sx={{ minWidth: 0, overflowX: 'auto' }}>
    <Typography component="h2" variant="h3" sx={{ mb: 1, pl: 1, borderLeft: 3, borderColor: 'primary.main', lineHeight: 1.3 }}>
      {title}
    </Typography>
    {children}
  </Box>
)

const LoanContent = ({ view }: { view: CaseView }) => (
  <>
    <Application caseId={view.case.id} />
    <Part title="当事人">
      <Parties view={view} />
    </Part>
    <Part title="缴存情况">
      <Contributions contributions={view.contributions} />
    </Part>
    <Part title="联网核验">
      <Sources view={view} />
    </Part>
  </>
)

/** Every loan has its people; who sees none is the bank or the guarantor it is assigned to. */
const NotForCountersigners = () => <Empty>申请表、当事人信息和联网核验结果由受理机构保管；会签机构凭上列要件和“文书”办理。</Empty>

const Application = ({ caseId }: { caseId: string }) => {
  const { data, error } = useCall(['case', caseId, 'application'], 'readApplication', { params: { caseId } })
  if (error) return <Empty>申请内容暂时无法读取：{error.message}</Empty>
  if (!data) return <Empty>正在读取申请内容…</Empty>
  return <ApplicationFacts content={data.content} version={data.version} />
}

const Parties = ({ view }: { view: CaseView }) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        {['身份', '姓名', '证件号码', '手机号码', '出生日期', '工作单位'].map((label) => (
          <TableCell key={label}>{label}</TableCell>
        ))}
      </TableRow>
    </TableHead>
    <TableBody>
      {view.parties.map((party) => {
        const cover = (field: 'name' | 'idNumber' | 'phone', masked: string | null) =>
          masked ? <Reveal caseId={view.case.id} partyNo={party.partyNo} field={field} masked={masked} /> : '—'
        return (
          <TableRow key={party.partyNo}>
            <TableCell>{ROLES[party.role]}</TableCell>
            <TableCell sx={{ whiteSpace: 'nowrap' }}>{cover('name', party.name)}</TableCell>
            <TableCell sx={{ whiteSpace: 'nowrap' }}>{cover('idNumber', party.idNumber)}</TableCell>
            <TableCell sx={{ whiteSpace: 'nowrap' }}>{cover('phone', party.phone)}</TableCell>
            <TableCell>{party.bornOn ?? '—'}</TableCell>
            <TableCell>{party.unitName ?? '—'}</TableCell>
          </TableRow>
        )
      })}
    </TableBody>
  </Table>
)

const Sources = ({ view }: { view: CaseView }) => {
  if (view.sources.length === 0) return <Empty>受理后自动向各部门查询，目前尚无查询结果。</Empty>
  return (
    <Table size="small">
      <TableHead>
        <TableRow>
          {['数据来源', '结果', '摘要', '查询时间', '授权'].map((label) => (
            <TableCell key={label}>{label}</TableCell>
          ))}
        </TableRow>
      </TableHead>
      <TableBody>
        {view.sources.map(({ source, label, outcome, summary, fetchedAt, authorisation }, index) => (
          <TableRow key={`${source}-${index}`}>
            <TableCell>{label}</TableCell>
            <TableCell>
              <Tag tone={SOURCE_OUTCOMES[outcome].tone}>{SOURCE_OUTCOMES[outcome].label}</Tag>
            </TableCell>
            <TableCell>{summary}</TableCell>
            <TableCell sx={{ whiteSpace: 'nowrap' }}>{secondText(fetchedAt)}</TableCell>
            <TableCell>{authorisedBy(view, authorisation)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

/** What a source was asked on: the application itself, or a letter of authority among the documents. */
function authorisedBy(view: CaseView, authorisation: string): string {
  if (authorisation === view.case.id) return '随案授权'
  return view.documents.some(({ documentId }) => documentId === authorisation) ? '征信查询授权书' : authorisation
}

const Wants = ({ view }: { view: CaseView }) => (
  <Table size="small">
    <TableHead>
      <TableRow>
        {['材料', '原因', '提出环节', '告知', '状态'].map((label) => (
          <TableCell key={label}>{label}</TableCell>
        ))}
      </TableRow>
    </TableHead>
    <TableBody>
      {view.wants.map(({ item, reason, askedStage, noticeNo, satisfied }, index) => (
        <TableRow key={`${item}-${index}`}>
          <TableCell>{item}</TableCell>
          <TableCell>{reason}</TableCell>
          <TableCell>{askedStage}</TableCell>
          <TableCell>{noticeNo === null ? '尚未告知' : `第 ${noticeNo} 次告知`}</TableCell>
          <TableCell>{satisfied ? <Tag tone="good">已补正</Tag> : <Tag tone="warn">待补正</Tag>}</TableCell>
        </TableRow>
      ))}
    </TableBody>
  </Table>
)
