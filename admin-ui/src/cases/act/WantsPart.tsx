import { Box, Button, IconButton, TextField } from '@mui/material'
import DeleteIcon from '@mui/icons-material/DeleteOutlined'
import type { CaseView } from '../case-text.ts'
import type { PartProps, Want } from './decision-draft.ts'

/** What the applicant has yet to bring, item by item with its reason: it goes into the one notice (一次性告知). */
export const WantsPart = ({ draft, change, tried, required }: PartProps & { required: boolean }) => {
  const set = (at: number, part: Partial<Want>): void =>
    change({ wants: draft.wants.map((want, index) => (index === at ? { ...want, ...part } : want)) })
  return (
    <Box component="fieldset" sx={{ m: 0, p: 1.5, border: 1, borderColor: 'divider', borderRadius: 1 }}>
      <Box component="legend" sx={{ px: 0.5, color: 'text.secondary', fontSize: '0.75rem' }}>
        {required ? '需补正的材料' : '另有需补正的材料（可不填）'}
      </Box>
      {draft.wants.map((want, index) => (
        <Box key={index} sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr auto', gap: 1, mb: 1 }}>
          <TextField
            label={`材料 ${index + 1}`}
            value={want.item}
            error={tried && want.item.trim().length < 2}
            onChange={({ target }) => set(index, { item: target.value })}
          />
          <TextField
            label="原因"
            value={want.reason}
            error={tried && want.reason.trim().length < 2}
            onChange={({ target }) => set(index, { reason: target.value })}
          />
          <IconButton
            aria-label={`删除材料 ${index + 1}`}
            onClick={() => change({ wants: draft.wants.filter((_, place) => place !== index) })}
          >
            <DeleteIcon fontSize="small" />
          </IconButton>
        </Box>
      ))}
      <Button variant="outlined" onClick={() => change({ wants: [...draft.wants, { item: '', reason: '' }] })}>
        增加一项
      </Button>
    </Box>
  )
}

/** A second notice needs its reason, and is counted. */
export const SecondNoticePart = ({ draft, change, view }: PartProps & { view: CaseView }) =>
  view.wants.some(({ noticeNo }) => noticeNo !== null) ? (
    <TextField
      label="再次告知的理由"
      multiline
      minRows={2}
      value={draft.secondNoticeReason}
      onChange={({ target }) => change({ secondNoticeReason: target.value })}
      helperText="一次性告知之外再次告知，须说明理由并计入统计。"
    />
  ) : null
