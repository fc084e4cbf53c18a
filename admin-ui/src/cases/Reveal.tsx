import { Box, Button, TextField } from '@mui/material'
import { useEffect, useState } from 'react'
import { call } from '../api/client.ts'
import { useCommand } from '../api/command-key.ts'
import { AskDialog } from '../common/AskDialog.tsx'

interface RevealProps {
  caseId: string
  partyNo: number
  field: 'name' | 'idNumber' | 'phone'
  /** What is shown while it is covered; may be empty when it stands beside the button already. */
  masked: string
}

const FIELDS = { name: '姓名', idNumber: '证件号码', phone: '手机号码' } as const

/** One particular in the clear, for a reason that is kept, for as long as the server says. It lives in this component and nowhere else. */
export const Reveal = ({ caseId, partyNo, field, masked }: RevealProps) => {
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [shown, setShown] = useState<{ value: string; seconds: number }>()
  const run = useCommand(`reveal:${caseId}:${partyNo}:${field}`)
  useEffect(() => {
    if (!shown) return undefined
    const timer = setTimeout(() => setShown(shown.seconds > 1 ? { ...shown, seconds: shown.seconds - 1 } : undefined), 1000)
    return () => clearTimeout(timer)
  }, [shown])
  const reveal = async (): Promise<void> => {
    const { value, secondsVisible } = await run((key) => call('reveal', { params: { caseId }, body: { partyNo, field, reason } }, { key }))
    setShown({ value, seconds: secondsVisible })
    setReason('')
  }
  if (shown) {
    return (
      <span role="status">
        {masked === '' ? '：' : ''}
        {shown.value}
        <Box component="span" sx={{ color: 'text.secondary', ml: 0.75, fontSize: '0.75rem' }}>
          {shown.seconds} 秒后隐藏
        </Box>
      </span>
    )
  }
  return (
    <>
      {masked}
      <Button
        onClick={() => setAsking(true)}
        sx={{ py: 0, px: 0.75, ml: 0.25 }}
        className="no-print"
        aria-label={`查看完整${FIELDS[field]}`}
      >
        查看
      </Button>
      <AskDialog
        title={`查看完整${FIELDS[field]}`}
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={reveal}
        confirmLabel="查看"
        disabled={reason.trim().length < 2}
        width="xs"
      >
        <p>查看个人信息须说明理由，您的工号、时间与理由记入留痕。</p>
        <TextField autoFocus fullWidth label="理由" value={reason} onChange={({ target }) => setReason(target.value)} />
      </AskDialog>
    </>
  )
}
