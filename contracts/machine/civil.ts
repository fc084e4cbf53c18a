import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { documentNumberText, head, operation, personRef } from './message.ts'

const aboutPerson = z.strictObject({ ...head, person: personRef })
const isAbout = (asked: z.output<typeof aboutPerson>, told: { subject: string }): boolean => told.subject === asked.person.idNumber

const registeredRef = z.object({ name: z.string().min(1).max(100), idNumber: documentNumberText })

export const marriageRecord = z.discriminatedUnion('state', [
  z.object({ state: z.literal('MARRIED'), spouse: registeredRef, since: plainDateText }),
  z.object({ state: z.literal('DIVORCED'), since: plainDateText }),
  z.object({ state: z.literal('WIDOWED'), since: plainDateText }),
  /** Nothing registered in this country: not the same as unmarried, and the officer decides what it means. */
  z.object({ state: z.literal('NO_RECORD') }),
])

/** Registered marriage (婚姻登记). */
export const marriageOf = operation({
  counterpart: 'civil',
  path: '/marriage',
  request: aboutPerson,
  result: z.object({ subject: documentNumberText, marriage: marriageRecord }),
  concerns: isAbout,
})

export const childRecord = registeredRef.extend({ bornOn: plainDateText })

/** Children by birth register and adoption (子女信息). */
export const childrenOf = operation({
  counterpart: 'civil',
  path: '/children',
  request: aboutPerson,
  result: z.object({ subject: documentNumberText, children: z.array(childRecord).max(30) }),
  concerns: isAbout,
})

/** Whether name and number belong together in the population register (公安人口身份核验). */
export const identityMatch = operation({
  counterpart: 'civil',
  path: '/identity',
  request: aboutPerson,
  result: z.object({ subject: documentNumberText, match: z.enum(['MATCH', 'MISMATCH', 'NOT_FOUND']) }),
  concerns: isAbout,
})

export const deathRecord = z.discriminatedUnion('state', [
  z.object({ state: z.literal('DECEASED'), diedOn: plainDateText }),
  z.object({ state: z.literal('NO_RECORD') }),
])

/** Death register (死亡信息). */
export const deathOf = operation({
  counterpart: 'civil',
  path: '/death',
  request: aboutPerson,
  result: z.object({ subject: documentNumberText, death: deathRecord }),
  concerns: isAbout,
})
