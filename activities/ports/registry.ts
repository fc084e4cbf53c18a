import * as registry from '#contracts/machine/registry.ts'
import type { QuestionOf } from '#contracts/machine/message.ts'
import { ask, type PortConfig } from './call.ts'

/** The real estate registry (不动产登记). Every function throws `PortFault` when there is no good answer. */

/** Homes of a family in one place, former ones included. */
export const homesOfFamily = (config: PortConfig, question: QuestionOf<typeof registry.homesOfFamily>) =>
  ask(config, registry.homesOfFamily, question)

/** The filed contract of a purchase, or the registry's word that there is none. */
export const filedContract = (config: PortConfig, question: QuestionOf<typeof registry.filedContract>) =>
  ask(config, registry.filedContract, question)

/** Seizures and mortgages on a home. */
export const encumbrancesOfHome = (config: PortConfig, question: QuestionOf<typeof registry.encumbrancesOfHome>) =>
  ask(config, registry.encumbrancesOfHome, question)

/** Applies for registration. Safe to repeat under the same `applicationNo`; only `queryMortgage` tells whether it is registered. */
export const submitMortgage = (config: PortConfig, question: QuestionOf<typeof registry.submitMortgage>) =>
  ask(config, registry.submitMortgage, question)

/** What the registry has under a certificate's number, or its word that there is none. What differs from the terms asked is an answer. */
export const certificateOf = (config: PortConfig, question: QuestionOf<typeof registry.readCertificate>) =>
  ask(config, registry.readCertificate, question)

/** Where an application stands. */
export const queryMortgage = (config: PortConfig, question: QuestionOf<typeof registry.queryMortgage>) =>
  ask(config, registry.queryMortgage, question)
