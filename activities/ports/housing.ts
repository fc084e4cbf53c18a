import * as housing from '#contracts/machine/housing.ts'
import type { QuestionOf } from '#contracts/machine/message.ts'
import { ask, type PortConfig } from './call.ts'

/** Homes of a family with the housing department (住房保障部门). @throws PortFault when there is no good answer. */
export const allottedHomesOfFamily = (config: PortConfig, question: QuestionOf<typeof housing.allottedHomes>) =>
  ask(config, housing.allottedHomes, question)
