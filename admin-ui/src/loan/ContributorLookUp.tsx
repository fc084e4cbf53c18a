import { checkIdNumber } from '#contracts/identity.ts'
import { Alert, Box, Button } from '@mui/material'
import { useState } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import { call, type Answer } from '../api/client.ts'
import { textOf } from '../api/problem.ts'
import { amountInputText, yuan } from '../common/figures.ts'
import { Facts } from '../common/Panel.tsx'
import { plainText } from '../common/plain-text.ts'
import { Tag } from '../common/Tag.tsx'
import type { LoanForm } from './form-model.ts'
import type { PersonPath } from './PersonFields.tsx'

type Found = Answer<'lookUpContributor'>

const STATES = { NORMAL: '正常缴存', SEALED: '封存', CLOSED: '已销户' } as const

/** Looks up the account by identity number: asked for by a click, because every look-up is kept. Fills only what is still empty. */
export const ContributorLookUp = ({ path }: { path: PersonPath }) => {
  const form = useFormContext<LoanForm>()
  const idNumber = plainText(useWatch<LoanForm>({ name: `${path}.idNumber` })).trim()
  const [found, setFound] = useState<{ idNumber: string; answer: Found }>()
  const [failure, setFailure] = useState('')
  const [busy, setBusy] = useState(false)
  const lookUp = async (): Promise<void> => {
    setBusy(true)
    setFailure('')
    try {
      const answer = await call('lookUpContributor', { body: { idNumber } })
      setFound({ idNumber, answer })
      const contributor = answer.contributor
      if (!contributor) return
      const fill = (field: 'name' | 'employer' | 'monthlyIncomeFen', value: string): void => {
        if (!form.getValues(`${path}.${field}`)) form.setValue(`${path}.${field}`, value, { shouldDirty: true, shouldValidate: true })
      }
      if (!contributor.name.includes('*')) fill('name', contributor.name)
      fill('employer', contributor.unitName)
      fill('monthlyIncomeFen', amountInputText(contributor.baseFen))
    } catch (problem) {
      setFailure(textOf(problem))
    } finally {
      setBusy(false)
    }
  }
  const valid = checkIdNumber(idNumber).ok
  const current = found?.idNumber === idNumber ? found.answer : undefined
  return (
    <Box sx={{ mt: 0.5, mb: 2.25 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
        <Button variant="outlined" disabled={!valid || busy} onClick={() => void lookUp()}>
          {busy ? '正在查询…' : '查询缴存情况'}
        </Button>
        <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.75rem' }}>
          {valid ? '查询留痕；单位与缴存基数自动填入空白项' : '身份证号码完整无误后可查询'}
        </Box>
      </Box>
      {failure && (
        <Alert severity="error" sx={{ mt: 1 }}>
          {failure}
        </Alert>
      )}
      {current && !current.contributor && (
        <Alert severity="warning" sx={{ mt: 1 }}>
          本中心没有此人的缴存账户。
        </Alert>
      )}
      {current?.contributor && <Account contributor={current.contributor} />}
    </Box>
  )
}

const Account = ({ contributor }: { contributor: NonNullable<Found['contributor']> }) => (
  <Box sx={{ mt: 1, px: 1.5, py: 1.25, borderRadius: 1, bgcolor: 'action.hover' }}>
    <Facts
      columns={3}
      facts={[
        { label: '姓名', value: contributor.name },
        { label: '单位', value: contributor.unitName },
        { label: '公积金账号', value: contributor.accountNumber },
        {
          label: '账户状态',
          value: (
            <>
              <Tag tone={contributor.state === 'NORMAL' ? 'good' : 'bad'}>{STATES[contributor.state]}</Tag>{' '}
              {contributor.restricted && <Tag tone="warn">受限</Tag>}
            </>
          ),
        },
        { label: '缴存基数', value: `${yuan(contributor.baseFen)} 元` },
        { label: '账户余额', value: `${yuan(contributor.balanceFen)} 元` },
        { label: '连续缴存', value: `${contributor.monthsContributed} 个月` },
        { label: '缴至年月', value: contributor.paidThrough },
      ]}
    />
  </Box>
)
