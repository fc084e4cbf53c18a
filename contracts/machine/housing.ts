import { z } from 'zod'
import { plainDateText } from '../dates.ts'
import { documentNumberText, head, operation, personRef, sameSet } from './message.ts'
import { divisionCodeText, homeNoText } from './registry.ts'

/** A home on the books of the housing department: bought under reform, allotted, or filed there before the registry was. */
export const housingRecord = z.object({
  homeNo: homeNoText,
  place: divisionCodeText,
  owners: z.array(documentNumberText).min(1),
  /** The day on which the family gave it up; null while they have it. */
  disposedOn: plainDateText.nullable(),
})

/** Homes of a family with the housing department of a place (住房保障部门). An empty list is its word that there is none. */
export const allottedHomes = operation({
  counterpart: 'housing',
  path: '/homes',
  request: z.strictObject({ ...head, place: divisionCodeText, persons: z.array(personRef).min(1).max(20) }),
  result: z.object({ place: divisionCodeText, subjects: z.array(documentNumberText), homes: z.array(housingRecord).max(500) }),
  concerns: (asked, told) => {
    const family = asked.persons.map((person) => person.idNumber)
    const theirs = told.homes.every((home) => home.place === asked.place && home.owners.some((owner) => family.includes(owner)))
    return told.place === asked.place && sameSet(family, told.subjects) && theirs
  },
})
