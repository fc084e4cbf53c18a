import { plainDate } from '#contracts/dates.ts'

/** A day that the decider brought along; its shape was checked at the border. */
export const dateField = (text: string | undefined) => (text ? plainDate(text) : null)
