import * as civil from '#contracts/machine/civil.ts'
import type { QuestionOf } from '#contracts/machine/message.ts'
import { ask, type PortConfig } from './call.ts'

/** Civil affairs and police, behind one data-sharing platform (民政、公安). Every function throws `PortFault` without a good answer. */

/** Registered marriage. `NO_RECORD` is not "single". */
export const marriageOf = (config: PortConfig, question: QuestionOf<typeof civil.marriageOf>) => ask(config, civil.marriageOf, question)

/** Children by birth register and adoption. */
export const childrenOf = (config: PortConfig, question: QuestionOf<typeof civil.childrenOf>) => ask(config, civil.childrenOf, question)

/** Whether name and number belong together. */
export const identityMatch = (config: PortConfig, question: QuestionOf<typeof civil.identityMatch>) =>
  ask(config, civil.identityMatch, question)

/** Death register. */
export const deathOf = (config: PortConfig, question: QuestionOf<typeof civil.deathOf>) => ask(config, civil.deathOf, question)
