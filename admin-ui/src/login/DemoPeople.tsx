import { POSTS } from '#contracts/posts.ts'
import { Box, ButtonBase, Typography } from '@mui/material'
import { useState } from 'react'
import type { Answer } from '../api/client.ts'
import { Tag } from '../common/Tag.tsx'

type Person = Answer<'demoPeople'>['people'][number]

/** The people of the demo city, by organisation. A click fills in the form; it does not log in. */
export const DemoPeople = ({
  people,
  chosen,
  onChoose,
}: {
  people: readonly Person[]
  chosen: string
  onChoose: (staffNumber: string) => void
}) => {
  const [org, setOrg] = useState<string>()
  const orgs = byOrg(people)
  const shown = org === undefined ? [...orgs] : [...orgs].filter(([name]) => name === org)
  return (
    <Box sx={{ p: 4, overflowY: 'auto', height: { md: '100vh' } }}>
      <Typography component="h2" variant="h1">
        演示城市的人员
      </Typography>
      <Box sx={{ color: 'text.secondary', mt: 0.5, mb: 2 }}>
        点选一人，自动填入工号、密码与动态口令。一笔贷款须由不同岗位的人依次办理，同一人不能办理两个环节。
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, mb: 2 }}>
        <OrgButton label="全部" here={org === undefined} onClick={() => setOrg(undefined)} />
        {[...orgs.keys()].map((name) => (
          <OrgButton key={name} label={name} here={org === name} onClick={() => setOrg(name)} />
        ))}
      </Box>
      {shown.map(([name, members]) => (
        <Box key={name} component="section" sx={{ mb: 2.5 }}>
          <Typography component="h3" variant="h3" sx={{ mb: 0.75 }}>
            {name}
          </Typography>
          <Box sx={{ display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(236px, 1fr))', gap: 1 }}>
            {members.map((person) => (
              <PersonButton
                key={person.staffNumber}
                person={person}
                chosen={person.staffNumber === chosen}
                onClick={() => onChoose(person.staffNumber)}
              />
            ))}
          </Box>
        </Box>
      ))}
    </Box>
  )
}

const OrgButton = ({ label, here, onClick }: { label: string; here: boolean; onClick: () => void }) => (
  <ButtonBase
    onClick={onClick}
    aria-pressed={here}
    sx={{
      px: 1.25,
      height: 28,
      borderRadius: 1,
      fontSize: '0.8125rem',
      border: 1,
      borderColor: here ? 'primary.main' : 'divider',
      bgcolor: 'background.paper',
      color: here ? 'primary.main' : 'text.primary',
      fontWeight: here ? 600 : 400,
    }}
  >
    {label}
  </ButtonBase>
)

const PersonButton = ({ person, chosen, onClick }: { person: Person; chosen: boolean; onClick: () => void }) => (
  <ButtonBase
    onClick={onClick}
    aria-pressed={chosen}
    sx={{
      display: 'block',
      textAlign: 'left',
      px: 1.5,
      py: 1,
      borderRadius: 1,
      border: 1,
      borderColor: chosen ? 'primary.main' : 'divider',
      boxShadow: chosen ? '0 0 0 1px currentColor' : 'none',
      color: chosen ? 'primary.main' : 'text.primary',
      bgcolor: 'background.paper',
      '&:hover': { borderColor: 'primary.main' },
    }}
  >
    <Box sx={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', gap: 1 }}>
      <Box component="span" sx={{ fontWeight: 600 }}>
        {person.posts.map((post) => POSTS[post]).join('、') || '无岗位'}
      </Box>
      {person.needsCode && <Tag tone="info">动态口令</Tag>}
    </Box>
    <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
      {person.name} · {person.staffNumber}
    </Box>
  </ButtonBase>
)

function byOrg(people: readonly Person[]): Map<string, Person[]> {
  const orgs = new Map<string, Person[]>()
  for (const person of people) orgs.set(person.orgName, [...(orgs.get(person.orgName) ?? []), person])
  return orgs
}
