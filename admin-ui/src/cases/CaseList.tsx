import { Box, Button } from '@mui/material'
import { ColumnsButton, ListBase, useListContext, useResourceContext } from 'react-admin'
import { PageHead } from '../common/PageHead.tsx'
import { Empty, Panel } from '../common/Panel.tsx'
import { ReadProblem } from '../layout/Problems.tsx'
import { CaseFilter, type Searching } from './CaseFilter.tsx'
import { CasePaging } from './CasePaging.tsx'
import { CaseTable } from './CaseTable.tsx'
import { ListClock } from './ListClock.tsx'
import { SavedQueries } from './SavedQueries.tsx'
import { useSearched } from './use-searched.ts'

const ROWS_PER_PAGE = 50

/** What went wrong stands on the page itself; a notice over it would say the same twice. */
const READ = { retry: false, onError: () => undefined }

interface CaseListProps {
  title: string
  empty: string
}

/**
 * One of the lists of cases. Filter and page live in the address; columns and saved queries with the person, on the server; what is searched
 * for in the tab.
 */
export const CaseList = (words: CaseListProps) => {
  const resource = useResourceContext() ?? 'cases'
  const [searched, search] = useSearched(resource)
  return (
    <ListBase
      perPage={ROWS_PER_PAGE}
      exporter={false}
      disableSyncWithLocation={false}
      storeKey={false}
      queryOptions={READ}
      {...(searched ? { filter: { q: searched } } : {})}
    >
      <CaseListPage {...words} searched={searched} search={search} />
    </ListBase>
  )
}

const CaseListPage = ({ title, empty, searched, search }: CaseListProps & Omit<Searching, 'clear'>) => {
  const resource = useResourceContext() ?? 'cases'
  const { error, data, isPending, filterValues, setFilters } = useListContext()
  const filtered = searched !== '' || Object.keys(filterValues ?? {}).length > 0
  const clear = (): void => {
    search('')
    setFilters({}, undefined, false)
  }
  if (error) return <ReadProblem error={error} />
  return (
    <>
      <PageHead title={title} actions={<SavedQueries />} />
      <CaseFilter list={resource} searched={searched} search={search} clear={clear} />
      <Panel flush title={<ListClock />} actions={<ColumnsButton />}>
        <CaseTable list={resource} />
        {!isPending && data.length === 0 && (
          <Empty>
            {filtered ? '没有符合查询条件的案件。' : empty}
            {filtered && <Button onClick={clear}>清除条件</Button>}
          </Empty>
        )}
        <Box className="no-print">
          <CasePaging />
        </Box>
      </Panel>
    </>
  )
}
