import { Box } from '@mui/material'
import { ColumnsButton, ListBase, useListContext, useResourceContext } from 'react-admin'
import { PageHead } from '../common/PageHead.tsx'
import { Empty, Panel } from '../common/Panel.tsx'
import { ReadProblem } from '../layout/Problems.tsx'
import { CaseFilter } from './CaseFilter.tsx'
import { CasePaging } from './CasePaging.tsx'
import { CaseTable } from './CaseTable.tsx'
import { ListClock } from './ListClock.tsx'
import { SavedQueries } from './SavedQueries.tsx'

const ROWS_PER_PAGE = 50

/** One of the lists of cases. Filter and page live in the address; columns and saved queries with the person, on the server. */
export const CaseList = ({ title, empty }: { title: string; empty: string }) => (
  <ListBase perPage={ROWS_PER_PAGE} exporter={false} disableSyncWithLocation={false} storeKey={false} queryOptions={{ retry: false }}>
    <CaseListPage title={title} empty={empty} />
  </ListBase>
)

const CaseListPage = ({ title, empty }: { title: string; empty: string }) => {
  const resource = useResourceContext() ?? 'cases'
  const { error, data, isPending } = useListContext()
  if (error) return <ReadProblem error={error} />
  return (
    <>
      <PageHead title={title} actions={<SavedQueries />} />
      <CaseFilter list={resource} />
      <Panel flush title={<ListClock />} actions={<ColumnsButton />}>
        <CaseTable list={resource} />
        {!isPending && data.length === 0 && <Empty>{empty}可调整查询条件后再试。</Empty>}
        <Box className="no-print">
          <CasePaging />
        </Box>
      </Panel>
    </>
  )
}
