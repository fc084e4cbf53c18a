import express from 'express'
import { gatherFacts } from '#activities/loan/gather.ts'
import { sendPayment } from '#activities/loan/payment.ts' // ✗
import type { Engine } from '#activities/relay.ts'
import { relayOutbox } from '#activities/relay.ts' // ✗
import { sql } from 'kysely' // ✗
import { main } from '#bin/api.ts' // ✗

export const loans = (engine: Engine) => [express, gatherFacts, sendPayment, relayOutbox, sql, main, engine]
