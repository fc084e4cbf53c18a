import type { PlainDate } from '#contracts/dates.ts'
import type { Move } from './paths.ts'

/** What deciders bring: the terms of the verdict, the number of the contract, that of the certificate, the day of delivery. */
export const broughtBy =
  (terms: { readonly amountFen: string; readonly months: number }, caseNumber: string) =>
  (move: Move, on: PlainDate): { terms?: typeof terms; fields?: Record<string, string> } => {
    const digits = `${caseNumber.startsWith('新') ? 'X' : 'C'}${caseNumber.replaceAll(/\D/g, '')}`
    if ((move.stage === 'REVIEW' && move.action === 'pass') || move.action === 'approve') return { terms }
    if (move.action === 'sign') return { fields: { contractNumber: `JK${digits}`, signedOn: on } }
    if (move.action === 'secure') return { fields: { mortgageNumber: `DY${digits}`, mortgageOn: on } }
    if (move.action === 'deliver') return { fields: { deliveredOn: on, deliveryMethod: '当面送达' } }
    return {}
  }
