import { Box, ButtonBase, Dialog, InputBase } from '@mui/material'
import { useEffect, useMemo, useState, type KeyboardEvent } from 'react'
import { useNavigate } from 'react-router'
import { applicantText } from '../cases/case-text.ts'
import { useCall } from '../api/use-call.ts'
import { useMe } from '../api/session.ts'
import { useComposedText } from '../common/use-composed.ts'
import { useDebounced } from '../common/use-debounced.ts'
import { pagesFor } from './pages.ts'

interface Entry {
  readonly key: string
  readonly label: string
  readonly note: string
  readonly to: string
}

/** One box for cases and pages. An exact case number opens the case; everything else is offered to choose from. */
export const Palette = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Dialog
    open={open}
    onClose={onClose}
    fullWidth
    maxWidth="sm"
    // On the paper: that is what bears the role.
    slotProps={{ paper: { 'aria-label': '查找案件或页面', sx: { alignSelf: 'flex-start', mt: 8 } } }}
  >
    <PaletteBody onClose={onClose} />
  </Dialog>
)

const PaletteBody = ({ onClose }: { onClose: () => void }) => {
  const navigate = useNavigate()
  const { text, settled, inputProps } = useComposedText()
  const { entries, waiting } = useEntries(settled.trim())
  const [at, setAt] = useState(0)
  useEffect(() => setAt(0), [settled])
  const go = (entry: Entry | undefined): void => {
    if (!entry) return
    onClose()
    void navigate(entry.to)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') go(entries.find(({ label }) => label === settled.trim()) ?? entries[at])
    else if (event.key === 'ArrowDown') setAt(Math.min(at + 1, entries.length - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else return
    event.preventDefault()
  }
  return (
    <>
      <InputBase
        autoFocus
        fullWidth
        value={text}
        {...inputProps}
        onKeyDown={onKeyDown}
        placeholder="案号、姓名、证件号后四位，或页面名称"
        inputProps={{
          'aria-label': '查找',
          role: 'combobox',
          'aria-expanded': true,
          'aria-controls': 'palette-entries',
          'aria-activedescendant': `palette-${at}`,
        }}
        sx={{ px: 2, py: 1.25, fontSize: '1rem', borderBottom: 1, borderColor: 'divider' }}
      />
      <Box id="palette-entries" role="listbox" aria-label="查找结果" sx={{ maxHeight: 420, overflowY: 'auto', py: 0.5 }}>
        {entries.map((entry, index) => (
          <ButtonBase
            key={entry.key}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            onClick={() => go(entry)}
            onMouseMove={() => setAt(index)}
            sx={{
              display: 'flex',
              width: '100%',
              px: 2,
              py: 0.875,
              gap: 2,
              fontSize: '0.8125rem',
              bgcolor: index === at ? 'action.hover' : 'transparent',
            }}
          >
            <Box component="span" sx={{ fontWeight: 500 }}>
              {entry.label}
            </Box>
            <Box component="span" sx={{ ml: 'auto', color: 'text.secondary' }}>
              {entry.note}
            </Box>
          </ButtonBase>
        ))}
      </Box>
      {entries.length === 0 && (
        <Box sx={{ p: 3, textAlign: 'center', color: 'text.secondary' }}>{waiting ? '正在查找…' : '没有找到，或您无权查看'}</Box>
      )}
    </>
  )
}

function useEntries(text: string): { entries: Entry[]; waiting: boolean } {
  const me = useMe()
  const q = useDebounced(text, 250)
  const found = useCall(['search', q], 'search', { body: { q } }, { enabled: q.length >= 2 })
  const pages = useMemo(
    () =>
      pagesFor(me).flatMap(({ title, pages: links }) =>
        links
          .filter(({ label }) => `${title}${label}`.includes(text))
          .map(({ label, to }) => ({ key: `${title}/${label}`, label, note: title, to })),
      ),
    [me, text],
  )
  const cases = (q.length >= 2 ? (found.data?.rows ?? []) : []).map((row) => ({
    key: row.id,
    label: row.caseNumber,
    note: `${applicantText(row)} · ${row.stageLabel}`,
    to: `/cases/${row.id}`,
  }))
  return { entries: [...cases, ...pages], waiting: q !== text || found.isFetching }
}
