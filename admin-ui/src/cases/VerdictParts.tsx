import { Box, Table, TableBody, TableCell, TableHead, TableRow } from '@mui/material'
import { alpha } from '@mui/material/styles'
import { yuan } from '../common/figures.ts'
import { Tag } from '../common/Tag.tsx'
import { byGravity, lookOf, type Reason, type ReasonLook } from './reason-look.ts'
import type { Verdict } from './case-text.ts'

/** Every reason with its article, the gravest first; the figures stand in the text, as letter and report print it. */
export const Reasons = ({ reasons, notes }: Pick<Verdict, 'reasons' | 'notes'>) => {
  const all = byGravity([...reasons, ...notes])
  if (all.length === 0) return <Box sx={{ color: 'text.secondary' }}>没有不符合规则的理由，也没有提示。</Box>
  return (
    <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none', display: 'grid', gap: 0.75 }}>
      {all.map((reason, index) => (
        <ReasonItem key={`${reason.code}-${index}`} reason={reason} look={lookOf(reason)} />
      ))}
    </Box>
  )
}

const ReasonItem = ({ reason, look }: { reason: Reason; look: ReasonLook }) => (
  <Box
    component="li"
    sx={(theme) => ({
      borderLeft: `3px solid ${theme.palette[look.colour].main}`,
      pl: 1.25,
      py: 0.5,
      pr: 1,
      borderRadius: '0 4px 4px 0',
      bgcolor: alpha(theme.palette[look.colour].main, 0.05),
    })}
  >
    <Box sx={{ display: 'flex', gap: 1, justifyContent: 'space-between', alignItems: 'flex-start' }}>
      <span>{reason.text}</span>
      <Tag tone={look.tone}>{look.word}</Tag>
    </Box>
    <Box sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
      {articleText(reason)} {reason.standing === 'ASSUMED' && <Tag tone="warn">假定</Tag>}
    </Box>
  </Box>
)

/** What is assumed says so in a tag of its own; on paper, where there are none, the article itself says it. */
const articleText = ({ article, standing }: Pick<Reason, 'article' | 'standing'>): string =>
  standing === 'ASSUMED' ? article.replace(/（假定）$/, '') : article

/** Every ceiling, not only the lowest: whoever asks why finds all of them. */
export const Ceilings = ({ ceilings, narrow = false }: { ceilings: Verdict['ceilings']; narrow?: boolean }) => {
  if (ceilings.length === 0) return null
  return (
    <Table size="small">
      <TableHead>
        <TableRow>
          <TableCell>额度上限</TableCell>
          <TableCell align="right">金额（元）</TableCell>
          {!narrow && <TableCell>依据</TableCell>}
        </TableRow>
      </TableHead>
      <TableBody>
        {ceilings.map(({ code, label, limitFen, binding, article, standing }) => (
          <TableRow key={code} sx={binding ? { '& td': { fontWeight: 600 } } : {}}>
            <TableCell title={narrow ? article : ''}>
              {label} {binding && <Tag tone="warn">限定</Tag>} {narrow && standing === 'ASSUMED' && <Tag title={article}>假定</Tag>}
            </TableCell>
            <TableCell align="right">{yuan(limitFen)}</TableCell>
            {!narrow && (
              <TableCell sx={{ fontWeight: '400 !important' }}>
                <Tag tone={standing === 'PUBLISHED' ? 'good' : 'warn'}>{standing === 'PUBLISHED' ? '已公布' : '假定'}</Tag>{' '}
                <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
                  {articleText({ article, standing })}
                </Box>
              </TableCell>
            )}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
