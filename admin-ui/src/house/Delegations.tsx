import { POSTS } from '#contracts/posts.ts'
import { Box, Button, Typography } from '@mui/material'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNotify } from 'react-admin'
import { call, type Answer } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { textOf } from '../api/problem.ts'
import { useCall } from '../api/use-call.ts'
import { Tag } from '../common/Tag.tsx'

type Delegation = Answer<'listDelegations'>['rows'][number]

export const DELEGATIONS_KEY = ['delegations']

/** 现有委托: what I have delegated and may revoke, and for whom I stand in, now or later. */
export const Delegations = () => {
  const { data, error } = useCall(DELEGATIONS_KEY, 'listDelegations', {})
  const rows = data?.rows ?? []
  if (error) return <Quiet>现有委托暂时无法读取：{error.message}</Quiet>
  return (
    <Box component="section" sx={{ mb: 2 }}>
      <Typography component="h3" sx={{ fontWeight: 600, mb: 0.5 }}>
        现有委托
      </Typography>
      {rows.length === 0 ? (
        <Quiet>{data ? '没有现行或将要开始的委托。' : '正在读取…'}</Quiet>
      ) : (
        <Box component="ul" aria-label="现有委托" sx={{ m: 0, p: 0, listStyle: 'none' }}>
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </Box>
      )}
    </Box>
  )
}

const Row = ({ row }: { row: Delegation }) => {
  const [asked, setAsked] = useState(false)
  const queries = useQueryClient()
  const notify = useNotify()
  const run = useCommand(`revoke:${row.id}`)
  const revoke = async (): Promise<void> => {
    if (!asked) return setAsked(true)
    try {
      await run((key) => call('revokeDelegation', { params: { delegationId: row.id }, body: {} }, { key }))
      notify(`已撤销${row.person}代理${POSTS[row.post]}的委托，随即失效`, { type: 'success' })
    } catch (problem) {
      notify(textOf(problem), { type: 'error' })
    }
    await queries.invalidateQueries({ queryKey: DELEGATIONS_KEY })
  }
  return (
    <Box
      component="li"
      sx={{ display: 'flex', gap: 1, alignItems: 'center', py: 0.25, minHeight: 34, borderBottom: 1, borderColor: 'divider' }}
    >
      <Box sx={{ flexGrow: 1, minWidth: 0 }}>
        {row.direction === 'GIVEN' ? `委托${row.person}代理` : `代${row.person}行使`}
        {POSTS[row.post]}
        <Box component="span" sx={{ color: 'text.secondary', ml: 1, whiteSpace: 'nowrap' }}>
          {row.fromOn} 至 {row.toOn}
        </Box>
      </Box>
      <Tag tone={row.current ? 'good' : 'neutral'}>{row.current ? '生效中' : '未开始'}</Tag>
      {row.direction === 'GIVEN' && (
        <Button color={asked ? 'error' : 'primary'} onClick={() => void revoke()} onBlur={() => setAsked(false)}>
          {asked ? '确认撤销' : '撤销'}
        </Button>
      )}
    </Box>
  )
}

const Quiet = ({ children }: { children: React.ReactNode }) => <Box sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>{children}</Box>
