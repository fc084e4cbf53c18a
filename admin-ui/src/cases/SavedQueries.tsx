import { Button, Divider, IconButton, ListItemText, Menu, MenuItem, TextField } from '@mui/material'
import DeleteIcon from '@mui/icons-material/DeleteOutlined'
import { useState } from 'react'
import { useListContext, useStore } from 'react-admin'
import { AskDialog } from '../common/AskDialog.tsx'

interface SavedQuery {
  readonly label: string
  readonly filter: Readonly<Record<string, string>>
}

/** 常用查询: kept with the person on the server, so that they survive log-out and follow to another desk. */
export const SavedQueries = () => {
  const { resource, filterValues, setFilters } = useListContext()
  const [queries, setQueries] = useStore<readonly SavedQuery[]>(`${resource}.savedQueries`, [])
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [naming, setNaming] = useState(false)
  const [name, setName] = useState('')
  const close = (): void => setAnchor(null)
  const save = async (): Promise<void> => {
    setQueries([...queries.filter(({ label }) => label !== name.trim()), { label: name.trim(), filter: filterValues }])
    setName('')
  }
  return (
    <>
      <Button variant="outlined" aria-haspopup="menu" onClick={({ currentTarget }) => setAnchor(currentTarget)}>
        常用查询
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        {queries.map(({ label, filter }) => (
          <MenuItem
            key={label}
            onClick={() => {
              setFilters(filter, undefined, false)
              close()
            }}
          >
            <ListItemText>{label}</ListItemText>
            <IconButton
              size="small"
              aria-label={`删除“${label}”`}
              onClick={(event) => {
                event.stopPropagation()
                setQueries(queries.filter((query) => query.label !== label))
              }}
            >
              <DeleteIcon fontSize="small" />
            </IconButton>
          </MenuItem>
        ))}
        {queries.length > 0 && <Divider />}
        <MenuItem
          disabled={Object.keys(filterValues ?? {}).length === 0}
          onClick={() => {
            close()
            setNaming(true)
          }}
        >
          保存当前查询…
        </MenuItem>
      </Menu>
      <AskDialog
        title="保存当前查询"
        open={naming}
        onClose={() => setNaming(false)}
        onConfirm={save}
        confirmLabel="保存"
        disabled={name.trim() === ''}
        width="xs"
      >
        <TextField autoFocus fullWidth label="名称" value={name} onChange={({ target }) => setName(target.value)} sx={{ mt: 1 }} />
      </AskDialog>
    </>
  )
}
