import { defineSignal, defineUpdate } from '@temporalio/workflow'
import type { CommandRef, DecisionAnswer } from '#contracts/cases.ts'

/** An Update, because the officer waits for the outcome; people decide by this and by nothing else. */
export const decideUpdate = defineUpdate<DecisionAnswer, [CommandRef]>('decide')

/** A Signal, because nobody waits: the record is ahead of the engine, or something fell due, or a bank has spoken. */
export const lookAgainSignal = defineSignal('lookAgain')

/** A Signal to a case that waits: go on from the record in a fresh run, on the newest code. */
export const startAfreshSignal = defineSignal('startAfresh')
