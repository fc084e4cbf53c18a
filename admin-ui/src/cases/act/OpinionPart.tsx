import { Box, Button, Chip, Menu, MenuItem, TextField } from '@mui/material'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useStore } from 'react-admin'
import type { PartProps } from './decision-draft.ts'

const OFFICE_PHRASES = [
  '材料齐全，同意。',
  '经核对原件，情况属实，同意。',
  '数据核验一致，符合条件，拟同意。',
  '请补充材料后再报。',
  '与系统核验结果不一致，请核实。',
]
const SHOWN = 4
const KEPT_MAX = 12

/** The opinion, with canned phrases (常用意见): one's own before the office's, the last used first; `/` in an empty field opens them. */
export const OpinionPart = ({ draft, change, tried, required }: PartProps & { required: boolean }) => {
  const [own, setOwn] = useStore<readonly string[]>('preferences.phrases', [])
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLDivElement>(null)
  const phrases = [...own, ...OFFICE_PHRASES.filter((phrase) => !own.includes(phrase))]
  const use = (phrase: string): void => {
    change({ opinion: draft.opinion ? `${draft.opinion}${phrase}` : phrase })
    setOwn([phrase, ...own.filter((one) => one !== phrase)].slice(0, KEPT_MAX))
    setOpen(false)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== '/' || draft.opinion !== '' || event.nativeEvent.isComposing) return
    event.preventDefault()
    setOpen(true)
  }
  return (
    <div>
      <TextField
        ref={anchor}
        autoFocus
        fullWidth
        multiline
        minRows={4}
        label={required ? '意见' : '意见（可不填）'}
        value={draft.opinion}
        onKeyDown={onKeyDown}
        onChange={({ target }) => change({ opinion: target.value })}
        error={tried && required && draft.opinion.trim().length < 2}
        helperText="空白处按 / 打开常用意见，Ctrl + Enter 提交"
        slotProps={{ htmlInput: { maxLength: 2000 } }}
      />
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.75, mt: 0.75 }}>
        {phrases.slice(0, SHOWN).map((phrase) => (
          <Chip key={phrase} size="small" variant="outlined" label={phrase} onClick={() => use(phrase)} />
        ))}
        <Button onClick={() => setOpen(true)} sx={{ py: 0 }}>
          更多
        </Button>
        {draft.opinion.trim().length >= 2 && !phrases.includes(draft.opinion.trim()) && (
          <Button onClick={() => setOwn([draft.opinion.trim(), ...own].slice(0, KEPT_MAX))} sx={{ py: 0 }}>
            存为常用
          </Button>
        )}
      </Box>
      <Menu anchorEl={anchor.current} open={open} onClose={() => setOpen(false)}>
        {phrases.map((phrase) => (
          <MenuItem key={phrase} onClick={() => use(phrase)} sx={{ whiteSpace: 'normal', maxWidth: 420 }}>
            {phrase}
          </MenuItem>
        ))}
      </Menu>
    </div>
  )
}
