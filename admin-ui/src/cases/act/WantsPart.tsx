import { Autocomplete, Box, Button, IconButton, TextField } from '@mui/material'
import DeleteIcon from '@mui/icons-material/DeleteOutlined'
import { useReference } from '../../api/use-call.ts'
import type { CaseView } from '../case-text.ts'
import { isSecondNotice, SECOND_NOTICE_WORDS_MIN, wantsAsked, wantsTyped, type PartProps, type Want } from './decision-draft.ts'

interface WantsPartProps extends PartProps {
  required: boolean
  view: CaseView
}

/** What the applicant has yet to bring, item by item with its reason: it goes into the one notice (一次性告知). */
export const WantsPart = ({ draft, change, tried, required, view }: WantsPartProps) => {
  const { data } = useReference()
  const materials = data?.materials ?? []
  const asked = wantsAsked(view)
  const found = faultyDocuments(view, new Map(materials.map(({ code, label }) => [code, label])), [...asked, ...draft.wants])
  const set = (at: number, part: Partial<Want>): void =>
    change({ wants: draft.wants.map((want, index) => (index === at ? { ...want, ...part } : want)) })
  const add = (): void => change({ wants: [...draft.wants, { item: '', reason: '' }] })
  // Lines that were offered and are still empty make room.
  const bring = (): void => change({ wants: [...wantsTyped(draft), ...found] })
  return (
    <Box component="fieldset" sx={{ m: 0, p: 1.5, border: 1, borderColor: 'divider', borderRadius: 1, display: 'grid', gap: 1.25 }}>
      <Box component="legend" sx={{ px: 0.5, color: 'text.secondary', fontSize: '0.75rem' }}>
        {required ? '需补正的材料' : '另有需补正的材料（可不填）'}
      </Box>
      {asked.length > 0 && <AskedBefore wants={asked} />}
      {draft.wants.map((want, index) => (
        <Box key={index} sx={{ display: 'grid', gridTemplateColumns: '1fr auto', columnGap: 1, rowGap: 1, alignItems: 'center' }}>
          <Autocomplete
            freeSolo
            options={materials.map(({ label }) => label)}
            inputValue={want.item}
            onInputChange={(_, item) => set(index, { item })}
            renderInput={(props) => <TextField {...props} label={`材料 ${index + 1}`} error={tried && want.item.trim().length < 2} />}
          />
          <IconButton
            aria-label={`删除第 ${index + 1} 项`}
            onClick={() => change({ wants: draft.wants.filter((_, place) => place !== index) })}
          >
            <DeleteIcon fontSize="small" />
          </IconButton>
          <TextField
            multiline
            label={`原因 ${index + 1}`}
            value={want.reason}
            error={tried && want.reason.trim().length < 2}
            onChange={({ target }) => set(index, { reason: target.value })}
            slotProps={{ htmlInput: { maxLength: 300 } }}
            sx={{ gridColumn: '1 / -1' }}
          />
        </Box>
      ))}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button variant="outlined" onClick={add}>
          增加一项
        </Button>
        {found.length > 0 && (
          <Button variant="outlined" onClick={bring}>
            带入核对为缺、不符的材料（{found.length}）
          </Button>
        )}
      </Box>
    </Box>
  )
}

/** What colleagues have asked for already: it goes out with this notice, or waits for it. */
const AskedBefore = ({ wants }: { wants: CaseView['wants'] }) => (
  <Box sx={{ px: 1.25, py: 1, borderRadius: 1, bgcolor: 'action.hover' }}>
    已提出 {wants.length} 项，随一次性告知一并发出：
    <Box component="ol" sx={{ m: 0, pl: 2.5 }}>
      {wants.map(({ item, reason, askedStage }) => (
        <li key={item + reason}>
          {item}：{reason}（{askedStage}）
        </li>
      ))}
    </Box>
  </Box>
)

/** Documents that were found missing or wrong when they were checked, and have not been asked for yet. */
const faultyDocuments = (view: CaseView, labels: ReadonlyMap<string, string>, asked: readonly { readonly item: string }[]): Want[] =>
  view.documents
    .filter(({ checkState }) => checkState === 'MISSING' || checkState === 'MISMATCH')
    .map(({ material, checkRemark }) => ({ item: labels.get(material) ?? material, reason: checkRemark ?? '' }))
    .filter(({ item }) => !asked.some((one) => one.item === item))

/** A second notice needs its reason, and is counted. */
export const SecondNoticePart = ({ draft, change, tried, view }: PartProps & { view: CaseView }) =>
  isSecondNotice(view) ? (
    <TextField
      label="再次告知的理由"
      multiline
      minRows={2}
      value={draft.secondNoticeReason}
      onChange={({ target }) => change({ secondNoticeReason: target.value })}
      error={tried && draft.secondNoticeReason.trim().length < SECOND_NOTICE_WORDS_MIN}
      helperText="一次性告知之外再次告知，须说明理由并计入统计。"
    />
  ) : null
