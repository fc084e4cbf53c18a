import { Box, Button, Chip, Menu, MenuItem, TextField } from '@mui/material'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useStore } from 'react-admin'
import type { ActionView } from '../case-text.ts'
import type { PartProps } from './decision-draft.ts'

/** By where the decision leads: nobody agrees by sending back. */
const OFFICE_PHRASES: Readonly<Record<ActionView['tone'], readonly string[]>> = {
  forward: ['材料齐全，同意。', '经核对原件，情况属实，同意。', '数据核验一致，符合条件，拟同意。', '已逐项复核，无异议。'],
  back: ['请补充材料后再报。', '与系统核验结果不一致，请核实。', '申请内容有误，请更正后重新提交。', '请核对首付款凭证与合同。'],
  end: ['经审核不符合贷款条件。', '申请人书面申请终止办理。', '超过期限未予补正。'],
  side: ['情况特殊，请予审定。', '已当面告知申请人。', '已电话告知申请人。'],
}
const SHOWN = 4
const KEPT_MAX = 12

interface OpinionPartProps extends PartProps {
  required: boolean
  tone: ActionView['tone']
}

/** The opinion, with canned phrases (常用意见): one's own before the office's, the last used first; `/` in an empty field opens them. */
export const OpinionPart = ({ draft, change, tried, required, tone }: OpinionPartProps) => {
  const [own, setOwn] = useStore<readonly string[]>(`preferences.phrases.${tone}`, [])
  const [open, setOpen] = useState(false)
  const anchor = useRef<HTMLDivElement>(null)
  const phrases = [...own, ...OFFICE_PHRASES[tone].filter((phrase) => !own.includes(phrase))]
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
