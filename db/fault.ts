import { appendFileSync, readFileSync, renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Db, Tx } from './connect.ts'
import { inTransaction } from './transaction.ts'

/** A reply that can be lost on its way: the HTTP response. */
export interface Losable {
  destroy(): unknown
}

/**
 * A place where a process could die, an answer could be lost, a call could hang. Does nothing unless a plan was armed at the start, and
 * no plan is accepted in production. What happens at a point, and when, is decided here and nowhere else.
 * @param point its name, `<what>.<where>`, the same at every passage
 * @param reply at the points just before a reply, what `reply-lost` cuts off
 */
export async function fault(point: string, reply?: Losable): Promise<void> {
  if (!armed) return
  const { rules, record, spend } = armed()
  const passage = (passages.get(point) ?? 0) + 1
  passages.set(point, passage)
  if (record) appendFileSync(record, `${point}\n`)
  const rule = rules.find((one) => one.point === point && one.passage === passage)
  if (rule && spend()) await strike(rule, reply)
}

/** A transaction with a fault point on either side of its commit: `<name>.before-commit` and `<name>.after-commit`. */
export async function transact<T>(db: Db, name: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const result = await inTransaction(db, async (tx) => {
    const done = await work(tx)
    await fault(`${name}.before-commit`)
    return done
  })
  await fault(`${name}.after-commit`)
  return result
}

/** What `throw` throws: a fault of the world, as far as anybody can tell. */
export class PlannedFault extends Error {
  override readonly name = 'PlannedFault'
}

const TROUBLES = ['kill9', 'throw', 'hang', 'reply-lost', 'slow'] as const

interface Rule {
  readonly point: string
  /** The how manieth passage of this process, from 1. */
  readonly passage: number
  readonly trouble: (typeof TROUBLES)[number]
  readonly milliseconds: number
}

interface Plan {
  readonly rules: readonly Rule[]
  /** The file to which every passed point is appended. */
  readonly record?: string
  /** Claims the right to strike. A plan in a file strikes once, whichever process comes first, and never again after a restart. */
  readonly spend: () => boolean
}

let armed: (() => Plan) | undefined
let passages = new Map<string, number>()

/**
 * Arms the plan of this process (`FAULT_PLAN`), or disarms it. A plan is a list of `point#passage=trouble` separated by commas, where the
 * trouble is `kill9`, `throw`, `hang`, `slow:<milliseconds>` or `reply-lost`; or `record:<file>`; or `@<file>`: whatever that file holds
 * at the moment, no file being no plan. A plan in a file is renamed to `<file>.spent` just before it strikes.
 * @throws Error when the plan cannot be read as such: a misspelt fault must not pass for a survived one
 */
export function armFaults(plan: string | undefined): void {
  passages = new Map()
  if (plan === undefined) armed = undefined
  else if (plan.startsWith('@')) armed = planInFile(plan.slice(1))
  else {
    const fixed = readPlan(plan, () => true)
    armed = () => fixed
  }
}

function planInFile(file: string): () => Plan {
  let [seen, plan] = ['', readPlan('', () => false)]
  return () => {
    const text = contentOf(file)
    if (text !== seen) {
      ;[seen, plan, passages] = [text, readPlan(text, () => claimed(file)), new Map()]
    }
    return plan
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

function claimed(file: string): boolean {
  try {
    renameSync(file, `${file}.spent`)
    return true
  } catch {
    return false
  }
}

function readPlan(text: string, spend: () => boolean): Plan {
  if (text.startsWith('record:')) return { rules: [], record: text.slice('record:'.length), spend }
  return { rules: text.split(',').filter(Boolean).map(readRule), spend }
}

function readRule(text: string): Rule {
  const [, point = '', passage = '', word = '', milliseconds] = /^([\w./:-]+)#(\d+)=([a-z0-9-]+)(?::(\d+))?$/.exec(text.trim()) ?? []
  const trouble = TROUBLES.find((one) => one === word)
  if (!trouble || (trouble === 'slow') !== (milliseconds !== undefined)) throw new Error(`not a fault: ${text}`)
  return { point, passage: Number(passage), trouble, milliseconds: Number(milliseconds ?? 0) }
}

async function strike({ point, trouble, milliseconds }: Rule, reply: Losable | undefined): Promise<void> {
  switch (trouble) {
    case 'kill9':
      process.kill(process.pid, 'SIGKILL')
      return new Promise<never>(() => {})
    case 'hang':
      return new Promise<never>(() => {})
    case 'throw':
      throw new PlannedFault(point)
    case 'slow':
      return sleep(milliseconds)
    case 'reply-lost':
      if (!reply) throw new Error(`no reply to lose at ${point}`)
      reply.destroy()
  }
}
