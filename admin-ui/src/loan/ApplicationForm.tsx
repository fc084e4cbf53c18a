import { GUARANTEES, HOME_KINDS, HOME_PLACES, HOME_USES, MARITAL_STATUSES, RECEIVING_ACCOUNTS, REPAYMENT_METHODS } from '#contracts/loan.ts'
import { Box, Button } from '@mui/material'
import type { ReactNode } from 'react'
import { useFieldArray, useWatch } from 'react-hook-form'
import { useReference } from '../api/use-call.ts'
import { monthsText } from '../common/figures.ts'
import { Panel } from '../common/Panel.tsx'
import { ChoiceField, Field, IdNumberField, MoneyField } from './Fields.tsx'
import { emptyPerson, type LoanForm } from './form-model.ts'
import { FieldGrid, PersonFields } from './PersonFields.tsx'

/** What the counter asks for, in the order of the paper form. Everything else is fetched, never asked again. */
export const ApplicationForm = () => {
  const married = useWatch<LoanForm, 'maritalStatus'>({ name: 'maritalStatus' }) === 'MARRIED'
  return (
    <Box sx={{ display: 'grid', gap: 1.5, minWidth: 0 }}>
      <Panel title="一、借款人">
        <FieldGrid>
          <ChoiceField path="maritalStatus" choices={Object.entries(MARITAL_STATUSES)} />
        </FieldGrid>
        <PersonFields path="borrower" />
      </Panel>
      <Panel title="二、配偶">{married ? <PersonFields path="spouse" /> : <Quiet>婚姻状况为已婚的填写。</Quiet>}</Panel>
      <Children />
      <CoBorrowers />
      <Home />
      <Seller />
      <Money />
      <BankAndGuarantee />
      <Repayment />
    </Box>
  )
}

const Children = () => {
  const { fields, append, remove } = useFieldArray<LoanForm, 'children'>({ name: 'children' })
  return (
    <Panel title="三、未成年子女" actions={<Button onClick={() => append({ name: '', idNumber: '' })}>增加一名</Button>}>
      {fields.length === 0 && <Quiet>无未成年子女的不填。多子女家庭购买首套住房，额度可按规定上浮。</Quiet>}
      {fields.map(({ id }, index) => (
        <Row key={id} label={`子女 ${index + 1}`} onRemove={() => remove(index)}>
          <FieldGrid>
            <Field path={`children.${index}.name`} />
            <IdNumberField path={`children.${index}.idNumber`} />
          </FieldGrid>
        </Row>
      ))}
    </Panel>
  )
}

const CoBorrowers = () => {
  const { fields, append, remove } = useFieldArray<LoanForm, 'coBorrowers'>({ name: 'coBorrowers' })
  return (
    <Panel title="四、其他共同借款人" actions={<Button onClick={() => append(emptyPerson())}>增加一人</Button>}>
      {fields.length === 0 && <Quiet>没有其他共同借款人的不填。</Quiet>}
      {fields.map(({ id }, index) => (
        <Row key={id} label={`共同借款人 ${index + 1}`} onRemove={() => remove(index)}>
          <PersonFields path={`coBorrowers.${index}`} />
        </Row>
      ))}
    </Panel>
  )
}

const Home = () => (
  <Panel title="五、所购住房">
    <FieldGrid>
      <ChoiceField path="home.kind" label="住房类型" choices={Object.entries(HOME_KINDS)} />
      <ChoiceField path="home.use" choices={Object.entries(HOME_USES)} />
      <Field path="home.builtYear" label="建成年份（二手住房必填）" inputMode="numeric" maxLength={4} />
      <Field path="home.filingNumber" />
      <Field path="home.homeNumber" />
      <Field path="home.areaSquareMetres" inputMode="decimal" />
      <ChoiceField path="home.place" choices={Object.entries(HOME_PLACES)} />
      <Field path="home.address" wide />
      <MoneyField path="home.contractPriceFen" />
      <MoneyField path="downPaymentPaidFen" />
      <MoneyField path="withdrawnForHomeFen" />
    </FieldGrid>
  </Panel>
)

const Seller = () => (
  <Panel title="六、卖方与收款账户">
    <FieldGrid>
      <Field path="home.sellerName" />
      <ChoiceField path="home.receivingAccount.kind" label="收款账户类型" choices={Object.entries(RECEIVING_ACCOUNTS)} />
      <Field path="home.receivingAccount.bankName" />
      <Field path="home.receivingAccount.accountNumber" inputMode="numeric" maxLength={32} />
      <Field path="home.receivingAccount.ownerName" />
    </FieldGrid>
  </Panel>
)

const Money = () => {
  const months = String(useWatch<LoanForm, 'months'>({ name: 'months' }) ?? '')
  return (
    <Panel title="七、申请金额与期限">
      <FieldGrid>
        <MoneyField path="amountFen" />
        <Field
          path="months"
          inputMode="numeric"
          maxLength={3}
          hint={/^[1-9]\d*$/.test(months) ? monthsText(Number(months)) : '至多 360 个月'}
        />
        <ChoiceField path="method" choices={Object.entries(REPAYMENT_METHODS)} />
      </FieldGrid>
    </Panel>
  )
}

const BankAndGuarantee = () => {
  const { data } = useReference()
  const surety = useWatch<LoanForm, 'guarantee.kind'>({ name: 'guarantee.kind' }) === 'SURETY'
  return (
    <Panel title="八、受委托银行与担保">
      <FieldGrid>
        <ChoiceField path="entrustedBankId" choices={data?.banks.map(({ orgId, name }) => [orgId, name] as const) ?? []} />
        <ChoiceField path="guarantee.kind" label="担保方式" choices={Object.entries(GUARANTEES)} />
        {surety && (
          <ChoiceField path="guarantee.institutionId" choices={data?.guarantors.map(({ orgId, name }) => [orgId, name] as const) ?? []} />
        )}
      </FieldGrid>
    </Panel>
  )
}

const Repayment = () => (
  <Panel title="九、还款">
    <FieldGrid>
      <Field path="repaymentDay" inputMode="numeric" maxLength={2} hint="1 日至 28 日" />
      <Field path="repaymentCard.bankName" label="还款卡开户银行" />
      <Field path="repaymentCard.ownerName" label="还款卡户名" />
      <Field path="repaymentCard.number" label="还款卡号" inputMode="numeric" maxLength={19} />
    </FieldGrid>
  </Panel>
)

const Row = ({ label, onRemove, children }: { label: string; onRemove: () => void; children: ReactNode }) => (
  <Box
    role="group"
    aria-label={label}
    sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5, mt: 1.5, '&:first-of-type': { borderTop: 0, pt: 0, mt: 0 } }}
  >
    <Box sx={{ display: 'flex', alignItems: 'center', mb: 1 }}>
      <strong>{label}</strong>
      <Button color="inherit" onClick={onRemove} sx={{ ml: 'auto' }} aria-label={`删除${label}`}>
        删除
      </Button>
    </Box>
    {children}
  </Box>
)

const Quiet = ({ children }: { children: ReactNode }) => <Box sx={{ color: 'text.secondary' }}>{children}</Box>
