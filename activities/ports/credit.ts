import * as credit from '#contracts/machine/credit.ts'
import type { QuestionOf } from '#contracts/machine/message.ts'
import { ask, type PortConfig } from './call.ts'

/** Credit report and list of dishonest debtors. @throws PortFault when there is no good answer. */
export const creditReport = (config: PortConfig, question: QuestionOf<typeof credit.creditReport>) =>
  ask(config, credit.creditReport, question)
