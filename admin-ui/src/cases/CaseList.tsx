import { Box, Button } from '@mui/material'
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

/** What went wrong stands on the page itself; a notice over it would say the same twice. */
const READ = { retry: false, onError: () => undefined }

/** One of the lists of cases. Filter and page live in the address; columns and saved queries with the person, on the server. */
export const CaseList = ({ title, empty }: { title: string; empty: string }) => (
  <ListBase perPage={ROWS_PER_PAGE} exporter={false} disableSyncWithLocation={false} storeKey={false} queryOptions={READ}>
    <CaseListPage title={title} empty={empty} />
  </ListBase>
)

const CaseListPage = ({ title, empty }: { title: string; empty: string }) => {
  const resource = useResourceContext() ?? 'cases'
  const { error, data, isPending, filterValues, setFilters } = useListContext()
  const filtered = Object.keys(filterValues ?? {}).length > 0
  if (error) return <ReadProblem error={error} />
  return (
    <>
      <PageHead title={title} actions={<SavedQueries />} />
      <CaseFilter list={resource} />
      <Panel flush title={<ListClock />} actions={<ColumnsButton />}>
        <CaseTable list={resource} />
        {!isPending && data.length === 0 && (
          <Empty>
            {filtered ? '没有符合查询条件的案件。' : empty}
            {filtered && <Button onClick={() => setFilters({}, undefined, false)}>清除条件</Button>}
          </Empty>
        )}
        <Box className="no-print">
          <CasePaging />
        </Box>
      </Panel>
    </>
  )
}
