import { setTimeout as sleep } from 'node:timers/promises'
import type { CaseView } from '#contracts/api/cases.ts'
import type { DemoLogins } from '#api/parts.ts'
import { BRANCHES, MAIN_BRANCH } from '#db/seed/orgs.ts'
import { Browser } from '../tests/setup/http-client.ts'
import { bringMaterials } from '../tests/setup/materials.ts'

const BRANCH_NAME = `${BRANCHES.find((one) => one.orgId === MAIN_BRANCH)?.district}管理部`
/** How often an officer who waits for the machine looks again. Each look is paid for by the house, so not often. */
const LOOK_MILLISECONDS = 60
const PATIENCE_MILLISECONDS = 60_000

/** The people of a house, each with a session of their own, and what they do with a loan. Every step throws when it is not taken. */
export class Officers {
  readonly origin: string
  private readonly logins: DemoLogins
  private readonly sessions = new Map<string, Promise<Browser>>()
  private cashiersUsed = 0

  constructor(origin: string, logins: DemoLogins) {
    this.origin = origin
    this.logins = logins
  }

  /** Whoever holds the post at the main branch, or at that organisation, or anywhere. */
  person(post: string, orgName: string = BRANCH_NAME): Promise<Browser> {
    const holders = this.logins.people.filter((one) => one.posts.includes(post))
    const found = holders.find((one) => one.orgName === orgName) ?? holders[0]
    if (!found) throw new Error(`nobody holds ${post}`)
    return this.session(found.staffNumber)
  }

  async see(post: string, caseId: string): Promise<CaseView> {
    return (await this.person(post)).get<CaseView>(`/api/cases/${caseId}`)
  }

  async submit(application: unknown): Promise<string> {
    const answer = await (await this.person('INTAKE')).command('POST', '/api/loans', application)
    if (answer.status !== 201) throw new Error(`submission: ${answer.status} ${JSON.stringify(answer.body)}`)
    return (answer.body as { caseId: string }).caseId
  }

  async decides(post: string, caseId: string, decision: Record<string, unknown>, orgName?: string): Promise<void> {
    const answer = await (await this.person(post, orgName)).decide(caseId, decision)
    if (answer.status !== 200) throw new Error(`${post} ${String(decision['action'])}: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  /** From the counter to the preliminary reviewer's list. */
  async accepted(application: unknown): Promise<string> {
    const caseId = await this.submit(application)
    await bringMaterials(await this.person('INTAKE'), caseId)
    await this.decides('INTAKE', caseId, { action: 'accept' })
    await this.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    return caseId
  }

  /** SUBMITTED to APPROVED: five people's work, four decisions and the machine's two stages between them. */
  async approved(application: unknown): Promise<string> {
    const caseId = await this.accepted(application)
    await this.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '资料齐全' })
    const terms = await this.terms(caseId)
    await this.decides('REVIEWER', caseId, { action: 'pass', terms })
    await this.decides('APPROVER', caseId, { action: 'approve', terms, opinion: '同意' })
    return caseId
  }

  /** What the rules would grant. @throws Error when they would not */
  async terms(caseId: string): Promise<{ amountFen: string; months: number }> {
    const [verdict] = (await this.see('REVIEWER', caseId)).verdicts
    if (verdict?.outcome !== 'approved') throw new Error(`the rules would not lend: ${JSON.stringify(verdict?.reasons)}`)
    return { amountFen: verdict.amountFen, months: verdict.months }
  }

  /** From the counter to money paid out. */
  async disbursed(application: unknown): Promise<string> {
    const caseId = await this.approved(application)
    const number = caseId.slice(0, 8)
    await this.decides('CONTRACTING', caseId, { action: 'sign', fields: { contractNumber: `JK-${number}`, signedOn: '2025-11-03' } })
    await this.reaches('CONTRACTING', caseId, 'SIGNED')
    for (const { post, orgName } of (await this.see('CONTRACTING', caseId)).tasks) {
      await this.decides(post, caseId, { action: 'confirm', opinion: '核验无误' }, orgName)
    }
    await this.decides('COLLATERAL', caseId, { action: 'register' })
    await this.reaches('COLLATERAL', caseId, 'SECURED')
    await this.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    await this.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED')
    await this.pays(caseId)
    await this.reaches('DISBURSEMENT', caseId, 'DISBURSED')
    return caseId
  }

  /** Each payment by another cashier: a one-time code counts once, and the next comes half a minute later. */
  private async pays(caseId: string): Promise<void> {
    const cashiers = this.logins.people.filter((one) => one.staffNumber.startsWith('K'))
    const cashier = cashiers[this.cashiersUsed++]
    if (!cashier) throw new Error('more payments than cashiers')
    const browser = await this.session(cashier.staffNumber)
    const code = await browser.send('POST', '/api/demo/one-time-code', { staffNumber: cashier.staffNumber })
    const answer = await browser.decide(caseId, { action: 'pay', oneTimeCode: (code.body as { oneTimeCode: string }).oneTimeCode })
    if (answer.status !== 200) throw new Error(`pay: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  private async reaches(post: string, caseId: string, stage: string): Promise<void> {
    const browser = await this.person(post)
    const until = performance.now() + PATIENCE_MILLISECONDS
    for (;;) {
      const view = await browser.get<CaseView>(`/api/cases/${caseId}`)
      if (view.case.stage === stage) return
      if (performance.now() > until) throw new Error(`a case stays in ${view.case.stage}, not ${stage}: ${JSON.stringify(view.verdicts.at(-1)?.notes)}`)
      await sleep(LOOK_MILLISECONDS)
    }
  }

  private session(staffNumber: string): Promise<Browser> {
    const found = this.sessions.get(staffNumber) ?? this.signIn(staffNumber)
    this.sessions.set(staffNumber, found)
    return found
  }

  private async signIn(staffNumber: string): Promise<Browser> {
    const browser = new Browser(this.origin)
    const { body } = await browser.send('POST', '/api/demo/one-time-code', { staffNumber })
    const { password, oneTimeCode } = body as { password: string; oneTimeCode: string | null }
    const answer = await browser.send('POST', '/api/session', { staffNumber, password, ...(oneTimeCode ? { oneTimeCode } : {}) })
    if (answer.status !== 200) throw new Error(`sign-in of ${staffNumber}: ${JSON.stringify(answer.body)}`)
    return browser
  }
}

/** Works through the items with so many officers at once. */
export async function together<T, R>(width: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const waiting = items.entries()
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const [index, item] of waiting) results[index] = await work(item)
    }),
  )
  return results
}
