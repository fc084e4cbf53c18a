import { RETIREMENT_CATEGORIES } from '#contracts/loan.ts'
import { Box } from '@mui/material'
import { ContributorLookUp } from './ContributorLookUp.tsx'
import { ChoiceField, Field, IdNumberField, MoneyField } from './Fields.tsx'

export type PersonPath = 'borrower' | 'spouse' | `coBorrowers.${number}`

const TALENT_CLASSES = [1, 2, 3, 4, 5].map((level) => [String(level), `第${level}类`] as const)

/** Somebody who will owe the loan. Unit and base come from the contributor's account when it is looked up. */
export const PersonFields = ({ path }: { path: PersonPath }) => (
  <>
    <FieldGrid>
      <Field path={`${path}.name`} />
      <IdNumberField path={`${path}.idNumber`} />
      <Field path={`${path}.mobile`} inputMode="tel" maxLength={11} />
    </FieldGrid>
    <ContributorLookUp path={path} />
    <FieldGrid>
      <Field path={`${path}.employer`} />
      <ChoiceField path={`${path}.retirementCategory`} choices={Object.entries(RETIREMENT_CATEGORIES)} />
      <ChoiceField path={`${path}.talentClass`} choices={TALENT_CLASSES} optional />
      <MoneyField path={`${path}.monthlyIncomeFen`} />
      <MoneyField path={`${path}.otherMonthlyDebtFen`} />
    </FieldGrid>
  </>
)

export const FieldGrid = ({ children }: { children: React.ReactNode }) => (
  <Box sx={{ display: 'grid', gridTemplateColumns: { xs: '1fr', md: 'repeat(3, minmax(0, 1fr))' }, columnGap: 2, rowGap: 1.5 }}>
    {children}
  </Box>
)
