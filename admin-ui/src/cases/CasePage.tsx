import { Box, Paper, Tab, Tabs } from '@mui/material'
import { useParams, useSearchParams } from 'react-router'
import { useCall } from '../api/use-call.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { useKeys } from '../common/keys.ts'
import { PageHead } from '../common/PageHead.tsx'
import { ActionBar } from './ActionBar.tsx'
import { CaseHead } from './CaseHead.tsx'
import { useCopyRead } from './use-copy-read.ts'
import { kindLabel, type CaseView } from './case-text.ts'
import { Timeline } from './Timeline.tsx'
import { ApplicationTab } from './tabs/ApplicationTab.tsx'
import { AuditTab } from './tabs/AuditTab.tsx'
import { DocumentsTab } from './tabs/DocumentsTab.tsx'
import { MoneyTab } from './tabs/MoneyTab.tsx'
import { PapersTab } from './tabs/PapersTab.tsx'
import { StageMapTab } from './tabs/StageMapTab.tsx'
import { VerdictsTab } from './tabs/VerdictsTab.tsx'

interface TabSpec {
  readonly code: string
  readonly label: string
  /** As it is called where there is neither an application nor facts. */
  readonly labelOfChange?: string
  readonly count?: (view: CaseView) => number
  readonly page: (props: { view: CaseView }) => React.ReactNode
  /** Only for kinds that have such a thing. */
  readonly loanOnly?: true
}

const TABS: readonly TabSpec[] = [
  { code: 'facts', label: '申请与事实', labelOfChange: '变更内容', page: ApplicationTab },
  { code: 'verdicts', label: '规则结论', page: VerdictsTab, count: ({ verdicts }) => verdicts.length, loanOnly: true },
  { code: 'documents', label: '材料', page: DocumentsTab, count: ({ documents }) => documents.length, loanOnly: true },
  { code: 'papers', label: '文书', page: PapersTab, count: ({ papers }) => papers.length, loanOnly: true },
  { code: 'money', label: '划款与凭证', page: MoneyTab, count: ({ payments }) => payments.length, loanOnly: true },
  { code: 'map', label: '流转', page: StageMapTab },
  { code: 'audit', label: '留痕', page: AuditTab },
]

/** 案件页: the case at the left, what happened at the right, what I may do at the foot. The open tab is part of the address. */
export const CasePage = () => {
  const { id = '' } = useParams()
  const { data: view, error, isPending } = useCall(['case', id], 'readCase', { params: { caseId: id } })
  if (error && !view) return <ReadProblem error={error} />
  if (isPending || !view) return <Box sx={{ p: 6, textAlign: 'center', color: 'text.secondary' }}>正在读取案件…</Box>
  return <CaseBody key={view.case.id} view={view} />
}

const CaseBody = ({ view }: { view: CaseView }) => {
  const { kind, caseNumber } = view.case
  const tabs = TABS.filter(({ loanOnly }) => !loanOnly || kind === 'loan').map((tab) =>
    kind === 'loan' ? tab : { ...tab, label: tab.labelOfChange ?? tab.label },
  )
  const [search, setSearch] = useSearchParams()
  const here = tabs.find(({ code }) => code === search.get('tab')) ?? tabs[0]
  const open = (code: string): void => setSearch({ tab: code }, { replace: true })
  useCopyRead(view)
  useKeys(Object.fromEntries(tabs.map(({ code }, index) => [String(index + 1), () => open(code)])))
  if (!here) return null
  const Page = here.page
  return (
    // Room for the fixed bar at the foot, so that it never covers the last line.
    <Box sx={{ pb: 9 }}>
      <PageHead title={caseNumber} trail={[[kindLabel(kind), `/cases?filter=${encodeURIComponent(JSON.stringify({ kind }))}`]]} />
      <CaseHead view={view} />
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: { xs: '1fr', md: 'minmax(0, 17fr) minmax(300px, 7fr)' },
          gap: 1.5,
          alignItems: 'start',
        }}
      >
        <Paper sx={{ minWidth: 0 }}>
          <Tabs
            value={here.code}
            onChange={(_, code: string) => open(code)}
            variant="scrollable"
            aria-label="案件内容"
            // Seven tabs with their counts stand side by side on a desk's screen.
            sx={{ borderBottom: 1, borderColor: 'divider', px: 0.5, '& .MuiTab-root': { minWidth: 0, px: 1.25 } }}
            className="no-print"
          >
            {tabs.map(({ code, label, count }) => (
              <Tab
                key={code}
                value={code}
                id={`tab-${code}`}
                aria-controls={`panel-${code}`}
                label={count && count(view) > 0 ? `${label} ${count(view)}` : label}
              />
            ))}
          </Tabs>
          <Box role="tabpanel" id={`panel-${here.code}`} aria-labelledby={`tab-${here.code}`} sx={{ p: 2 }}>
            <Page view={view} />
          </Box>
        </Paper>
        <Timeline view={view} />
      </Box>
      <ActionBar view={view} />
    </Box>
  )
}
