import { parsePlainDate, type PlainDate } from '#contracts/dates.ts'
import type { Standing } from '#contracts/verdict.ts'
import { policyAt, type PolicyRow, type PolicySnapshot } from './policy-at.ts'
import { SCOPES, type Scope } from './scopes.ts'
import type { Json } from './value-types.ts'

/**
 * A recorded snapshot as the rules take it: every value read again by the type of its parameter. The record holds one value per key, the
 * one that was in force, so asking for the policy of its own day gives the same snapshot, frozen and complete, by the one way there is.
 * @param recorded the parsed content of `policy_snapshot`
 * @throws TypeError for what is no snapshot; @throws NoPolicyInForce when it lacks a parameter that the catalogue requires
 */
export function reviveSnapshot(recorded: Json): PolicySnapshot {
  const { scope, date, values } = fieldsOf(recorded, 'a policy snapshot')
  if (!isScope(scope)) throw new TypeError(`unknown scope ${typeof scope === 'string' ? scope : typeof scope}`)
  const rows = Object.entries(fieldsOf(values, 'the values')).map(([key, value]) => rowOf(key, fieldsOf(value, key)))
  return policyAt(rows, scope, dateOf(date, 'the snapshot'))
}

type Fields = { readonly [key: string]: Json }

function rowOf(key: string, { value, scope, effectiveOn, standing, source, article, reason }: Fields): PolicyRow {
  return {
    key,
    scope: textOf(scope, key),
    effectiveOn: dateOf(effectiveOn, key),
    value: value ?? null,
    standing: standingOf(standing, key),
    source: textOf(source, key),
    article: textOf(article, key),
    ...(reason === undefined ? {} : { reason: textOf(reason, key) }),
  }
}

function fieldsOf(value: Json | undefined, what: string): Fields {
  if (!isFields(value)) throw new TypeError(`${what}: not a record`)
  return value
}

const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const isScope = (value: Json | undefined): value is Scope => typeof value === 'string' && Object.hasOwn(SCOPES, value)

function textOf(value: Json | undefined, what: string): string {
  if (typeof value !== 'string') throw new TypeError(`${what}: not a text`)
  return value
}

function dateOf(value: Json | undefined, what: string): PlainDate {
  const date = parsePlainDate(textOf(value, what))
  if (!date) throw new TypeError(`${what}: not a date`)
  return date
}

function standingOf(value: Json | undefined, what: string): Standing {
  if (value !== 'PUBLISHED' && value !== 'ASSUMED') throw new TypeError(`${what}: unknown standing`)
  return value
}
