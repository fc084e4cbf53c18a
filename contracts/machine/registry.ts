import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { positiveFenText } from '../money.ts'
import { documentNumberText, head, operation, personRef, sameSet, shortText } from './message.ts'

/** Real estate unit number (不动产单元号) or the registry's own number of a home. */
export const homeNoText = z.string().regex(/^[0-9A-Z-]{6,40}$/, { error: '不动产单元号格式不符' })

/** Administrative division code of six digits (GB/T 2260). */
export const divisionCodeText = z.string().regex(/^\d{6}$/, { error: '行政区划代码须为六位数字' })

export const homeRecord = z.object({
  homeNo: homeNoText,
  place: divisionCodeText,
  owners: z.array(documentNumberText).min(1),
  use: z.enum(['RESIDENTIAL', 'COMMERCIAL', 'HOMESTEAD', 'COLLECTIVE']),
  address: shortText,
  areaSquareMetres: z.string().regex(/^\d{1,6}(\.\d{1,2})?$/),
  registeredOn: plainDateText,
  /** The day it passed to another owner; null while it is held. Former homes are told because counting rules ask for them. */
  disposedOn: plainDateText.nullable(),
})

/** Homes of a family in one place (住房套数查询). An empty list is the registry's word that there is none. */
export const homesOfFamily = operation({
  counterpart: 'registry',
  path: '/homes',
  request: z.strictObject({ ...head, place: divisionCodeText, persons: z.array(personRef).min(1).max(20) }),
  result: z.object({ place: divisionCodeText, subjects: z.array(documentNumberText), homes: z.array(homeRecord).max(500) }),
  concerns: (asked, told) => {
    const family = asked.persons.map((person) => person.idNumber)
    const theirs = told.homes.every((home) => home.place === asked.place && home.owners.some((owner) => family.includes(owner)))
    return told.place === asked.place && sameSet(family, told.subjects) && theirs
  },
})

export const filingRecord = z.object({
  filingNo: z.string().min(4).max(40),
  homeNo: homeNoText,
  priceFen: positiveFenText,
  filedOn: plainDateText,
  buyers: z.array(documentNumberText).min(1),
  state: z.enum(['VALID', 'CANCELLED']),
  /** Division code of the home's place, and how its project stands (楼盘); a registry that keeps neither leaves them out. */
  place: divisionCodeText.optional(),
  project: z.enum(['NORMAL', 'SUSPENDED']).optional(),
})

/** The filed contract of a purchase (网签备案): its price stands against the price on paper. */
export const filedContract = operation({
  counterpart: 'registry',
  path: '/filings',
  request: z.strictObject({ ...head, filingNo: z.string().min(4).max(40) }),
  result: z.discriminatedUnion('state', [
    z.object({ state: z.literal('FOUND'), filing: filingRecord }),
    z.object({ state: z.literal('NOT_FOUND'), filingNo: z.string() }),
  ]),
  concerns: (asked, told) => (told.state === 'FOUND' ? told.filing.filingNo : told.filingNo) === asked.filingNo,
})

export const seizureRecord = z.object({
  court: shortText,
  orderNo: shortText,
  rank: z.number().int().min(1),
  seizedOn: plainDateText,
  endsOn: plainDateText,
})

export const encumbranceRecord = z.object({
  mortgagee: shortText,
  amountFen: positiveFenText,
  registeredOn: plainDateText,
  kind: z.enum(['PRE_NOTICE', 'MORTGAGE']),
})

/** Seizures and mortgages on a home (查封、抵押情况), asked again before money moves. */
export const encumbrancesOfHome = operation({
  counterpart: 'registry',
  path: '/encumbrances',
  request: z.strictObject({ ...head, homeNo: homeNoText }),
  result: z.object({ homeNo: homeNoText, seizures: z.array(seizureRecord), mortgages: z.array(encumbranceRecord) }),
  concerns: (asked, told) => told.homeNo === asked.homeNo,
})

export const applicationNoText = z.string().regex(/^[A-Z0-9-]{8,40}$/, { error: '登记申请号格式不符' })

/** RECEIVED is not registered: only a certificate read back by query lets money move. */
export const mortgageState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('NOT_FOUND'), applicationNo: applicationNoText }),
  z.object({ state: z.literal('RECEIVED'), applicationNo: applicationNoText }),
  z.object({
    state: z.literal('REGISTERED'),
    applicationNo: applicationNoText,
    homeNo: homeNoText,
    amountFen: positiveFenText,
    certificateNo: z.string().min(4).max(60),
    registeredOn: plainDateText,
  }),
  z.object({
    state: z.literal('RETURNED'),
    applicationNo: applicationNoText,
    reason: z.enum(['HOME_SEIZED', 'HOME_UNKNOWN', 'OWNER_MISMATCH', 'PAPERS_INCOMPLETE']),
  }),
])
export type MortgageState = z.output<typeof mortgageState>

const mortgageTerms = { applicationNo: applicationNoText, homeNo: homeNoText, amountFen: positiveFenText } as const

const concernsMortgage = (asked: { applicationNo: string; homeNo: string; amountFen: bigint }, told: MortgageState): boolean =>
  told.applicationNo === asked.applicationNo &&
  (told.state !== 'REGISTERED' || (told.homeNo === asked.homeNo && told.amountFen === asked.amountFen))

/** Application to register a mortgage or its pre-notice (抵押登记、预告登记). Idempotent by `applicationNo`. */
export const submitMortgage = operation({
  counterpart: 'registry',
  path: '/mortgages/submit',
  request: z.strictObject({
    ...head,
    ...mortgageTerms,
    contractNo: shortText,
    kind: z.enum(['PRE_NOTICE', 'MORTGAGE']),
    /** Right holder (抵押权人), as the certificate will name it. */
    mortgagee: shortText,
    owners: z.array(personRef).min(1).max(20),
  }),
  result: mortgageState,
  concerns: concernsMortgage,
})

/** Typed by hand from paper: whatever it is, the registry says whether it has it. */
const certificateNoText = z.string().min(1).max(200)

/** A registered mortgage as its certificate (不动产登记证明) has it. A cancelled one stays readable and secures nothing. */
export const mortgageCertificate = z.object({
  certificateNo: certificateNoText,
  homeNo: homeNoText,
  amountFen: positiveFenText,
  /** Right holder (抵押权人). */
  mortgagee: shortText,
  registeredOn: plainDateText,
  state: z.enum(['EFFECTIVE', 'CANCELLED']),
})
export type MortgageCertificate = z.output<typeof mortgageCertificate>
/** As it stands in a message. */
export type MortgageCertificateText = z.input<typeof mortgageCertificate>

/**
 * Reads a certificate back (登记证明核验). The terms are those the asker holds on paper; what the registry has may be others, and that is
 * an answer: only another certificate's is not.
 */
export const readCertificate = operation({
  counterpart: 'registry',
  path: '/mortgages/certificate',
  request: z.strictObject({
    ...head,
    certificateNo: certificateNoText,
    homeNo: homeNoText,
    amountFen: positiveFenText,
    mortgagee: shortText,
  }),
  result: z.discriminatedUnion('state', [
    z.object({ state: z.literal('FOUND'), certificate: mortgageCertificate }),
    z.object({ state: z.literal('NOT_FOUND'), certificateNo: z.string() }),
  ]),
  concerns: (asked, told) => (told.state === 'FOUND' ? told.certificate.certificateNo : told.certificateNo) === asked.certificateNo,
})

/** Where an application stands. The terms are repeated so that the reader can hold the certificate against them. */
export const queryMortgage = operation({
  counterpart: 'registry',
  path: '/mortgages/query',
  request: z.strictObject({ ...head, ...mortgageTerms }),
  result: mortgageState,
  concerns: concernsMortgage,
})
