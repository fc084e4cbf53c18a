import { POSTS } from '#contracts/posts.ts'
import { Box, Button } from '@mui/material'
import { Link } from 'react-router'
import { maySee } from '../api/auth-provider.ts'
import { useMe } from '../api/session.ts'
import { useCounts } from '../api/use-call.ts'
import { ReadProblem } from '../layout/Problems.tsx'
import { PageHead } from '../common/PageHead.tsx'
import { CalendarCard } from './CalendarCard.tsx'
import { DraftsCard } from './DraftsCard.tsx'
import { Figures } from './Figures.tsx'
import { IncidentsCard } from './IncidentsCard.tsx'
import { MoneyCard } from './MoneyCard.tsx'
import { NextCases } from './NextCases.tsx'
import { RecentDone } from './RecentDone.tsx'
import { StagesCard } from './StagesCard.tsx'

/** 工作台: what to do today, by the posts one holds; every figure leads to the list that makes it up. */
export const Home = () => {
  const me = useMe()
  const { data: counts, error } = useCounts()
  if (error) return <ReadProblem error={error} />
  const posts = me?.posts.map(({ post }) => POSTS[post]).join('、')
  return (
    <>
      <PageHead
        title="工作台"
        hint={me && `${me.name}，${me.orgName}${posts ? `，${posts}` : ''}`}
        actions={
          maySee('loan.create', me) && (
            <Button component={Link} to="/loan/create" variant="contained">
              新建贷款申请
            </Button>
          )
        }
      />
      <Figures counts={counts} />
      <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', lg: 'minmax(0, 1fr) 340px' }, gap: 1.5, mt: 1.5, alignItems: 'start' }}>
        <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
          <NextCases />
          <RecentDone />
          {maySee('payments', me) && <MoneyCard />}
        </Box>
        <Box sx={{ display: 'grid', gap: 1.5 }}>
          <StagesCard counts={counts} />
          {maySee('loan.create', me) && <DraftsCard />}
          {maySee('incidents', me) && <IncidentsCard />}
          {me && <CalendarCard today={me.businessDate} />}
        </Box>
      </Box>
    </>
  )
}
