import * as guarantor from '#contracts/machine/guarantor.ts'
import type { QuestionOf } from '#contracts/machine/message.ts'
import { ask, type PortConfig } from './call.ts'

/** Whether the guarantee company stands for the contract. Safe to repeat. @throws PortFault when there is no good answer. */
export const confirmGuarantee = (config: PortConfig, question: QuestionOf<typeof guarantor.confirmGuarantee>) =>
  ask(config, guarantor.confirmGuarantee, question)
