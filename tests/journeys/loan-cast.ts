import { expect } from 'vitest'
import type { CaseView } from '#contracts/api/cases.ts'
import { canonicalJson } from '#db/canonical.ts'
import { demoApplicant } from '#db/seed/people.ts'
import type { Answer, Browser } from '../setup/http-client.ts'
import type { House } from '../setup/house.ts'

/** The people of one branch and its centre, each signed in when first needed, and what they do with a loan. */
export class LoanCast {
  readonly house: House
  readonly branch: string
  private readonly people = new Map<string, Promise<Browser>>()

  constructor(house: House, branch = '望禾区管理部') {
    this.house = house
    this.branch = branch
  }

  /** Whoever holds the post at the branch, or at the centre when the branch has none. */
  person(post: string): Promise<Browser> {
    const found = this.people.get(post) ?? this.house.signIn(this.numberOf(post))
    this.people.set(post, found)
    return found
  }

  numberOf(post: string, orgName?: string): string {
    const holders = this.house.logins.people.filter((one) => one.posts.includes(post) && (orgName === undefined || one.orgName === orgName))
    const found = holders.find((one) => one.orgName === this.branch) ?? holders[0]
    if (!found) throw new Error(`nobody holds ${post}`)
    return found.staffNumber
  }

  async submit(story: string): Promise<string> {
    const answer = await this.trySubmit(story)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return (answer.body as { caseId: string }).caseId
  }

  async trySubmit(story: string): Promise<Answer> {
    const { application } = demoApplicant(story)
    return (await this.person('INTAKE')).command('POST', '/api/loans', JSON.parse(canonicalJson(application)))
  }

  async see(post: string, caseId: string): Promise<CaseView> {
    return (await this.person(post)).get<CaseView>(`/api/cases/${caseId}`)
  }

  /** A decision that must be taken. */
  async decides(post: string, caseId: string, decision: Record<string, unknown>): Promise<void> {
    const answer = await (await this.person(post)).decide(caseId, decision)
    expect(answer.status, `${post} ${String(decision['action'])}: ${JSON.stringify(answer.body)}`).toBe(200)
  }

  async reaches(post: string, caseId: string, ...stages: string[]): Promise<string> {
    return (await this.person(post)).waitFor(caseId, stages)
  }

  /** From the counter to the preliminary reviewer's list. */
  async accepted(story: string): Promise<string> {
    const caseId = await this.submit(story)
    await this.decides('INTAKE', caseId, { action: 'accept' })
    await this.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW', 'MANUAL_CHECK')
    return caseId
  }

  /** What the rules would grant. */
  async granted(caseId: string): Promise<{ amountFen: string; months: number }> {
    const [verdict] = (await this.see('REVIEWER', caseId)).verdicts
    if (!verdict) throw new Error('no verdict yet')
    return { amountFen: verdict.amountFen, months: verdict.months }
  }

  async approved(story: string): Promise<string> {
    const caseId = await this.accepted(story)
    await this.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '资料齐全' })
    const terms = await this.granted(caseId)
    await this.decides('REVIEWER', caseId, { action: 'pass', terms })
    const answer = await (await this.person('APPROVER')).decide(caseId, { action: 'approve', terms, opinion: '同意' })
    if ((answer.body as { code?: string }).code === 'OVER_LIMIT') {
      await this.decides('APPROVER', caseId, { action: 'submit-higher' })
      await this.decides('DEPUTY_DIRECTOR', caseId, { action: 'approve', terms, opinion: '同意' })
    } else {
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    }
    return caseId
  }

  /** Signed, and confirmed by bank and guarantor: it waits for the mortgage. */
  async countersigned(story: string): Promise<string> {
    const caseId = await this.approved(story)
    await this.decides('CONTRACTING', caseId, { action: 'sign', fields: { contractNumber: `JK-${caseId.slice(0, 8)}`, signedOn: '2025-11-03' } })
    for (const task of (await this.see('CONTRACTING', caseId)).tasks) {
      const signer = await this.house.signIn(this.numberOf(task.post, task.orgName))
      const answer = await signer.decide(caseId, { action: 'confirm', opinion: '核验无误' })
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    }
    return caseId
  }

  /** The certificate is entered, and the registry has said what it has under its number. @returns where that has led */
  async entersMortgage(caseId: string, mortgageNumber = `DY-${caseId.slice(0, 8)}`): Promise<string> {
    await this.decides('COLLATERAL', caseId, { action: 'secure', fields: { mortgageNumber, mortgageOn: '2025-11-03' } })
    return this.reaches('COLLATERAL', caseId, 'SECURED', 'MORTGAGE_DOUBTED')
  }

  async secured(story: string): Promise<string> {
    const caseId = await this.countersigned(story)
    expect(await this.entersMortgage(caseId)).toBe('SECURED')
    return caseId
  }

  /** Signed, confirmed by bank and guarantor, secured, and asked for: it waits for the cashier. */
  async readyToPay(story: string): Promise<string> {
    const caseId = await this.secured(story)
    await this.decides('DISBURSEMENT', caseId, { action: 'request-release' })
    expect(await this.reaches('DISBURSEMENT', caseId, 'RELEASE_REQUESTED', 'RELEASE_HELD')).toBe('RELEASE_REQUESTED')
    return caseId
  }

  async pays(caseId: string): Promise<void> {
    await this.decides('CASHIER', caseId, { action: 'pay', oneTimeCode: await this.freshCode('CASHIER') })
  }

  /** A one-time code that has not been spent: the demo's own way to one. */
  async freshCode(post: string): Promise<string> {
    const answer = await (await this.person(post)).send('POST', '/api/demo/one-time-code', { staffNumber: this.numberOf(post) })
    return (answer.body as { oneTimeCode: string }).oneTimeCode
  }
}
