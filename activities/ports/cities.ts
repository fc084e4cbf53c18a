import * as cities from '#contracts/machine/cities.ts'
import type { QuestionOf } from '#contracts/machine/message.ts'
import { ask, type PortConfig } from './call.ts'

/**
 * Fund loans of a person in all cities. Read `silentCentres` before `loans`: a history with a silent centre is incomplete.
 * @throws PortFault when there is no good answer.
 */
export const nationwideLoans = (config: PortConfig, question: QuestionOf<typeof cities.nationwideLoans>) =>
  ask(config, cities.nationwideLoans, question)
