import { expect, vi } from 'vitest'
import type { CaseView } from '#contracts/api/cases.ts'
import { openApplication } from '#activities/loan/application.ts'
import { canonicalJson } from '#db/canonical.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { SCOPES } from '#policy/scopes.ts'
import { Browser, type Answer } from '../setup/http-client.ts'
import type { House } from '../setup/house.ts'
import { bringMaterials, keepMaterials } from '../setup/materials.ts'

/** The people of one branch and its centre, each signed in when first needed, and what they do with a loan. */
export class LoanCast {
  readonly house: House
  readonly branch: string
  private readonly people = new Map<string, Promise<Browser>>()

  /** The centre of the branch, for posts that a branch has not; any, where there is but one of interest. */
  private readonly centre: string | undefined

  constructor(house: House, branch = '望禾区管理部', centre?: string) {
    this.house = house
    this.branch = branch
    this.centre = centre
  }

  /** Whoever holds the post at the branch, or at the centre when the branch has none. */
  person(post: string): Promise<Browser> {
    const found = this.people.get(post) ?? this.house.signIn(this.numberOf(post))
    this.people.set(post, found)
    return found
  }

  numberOf(post: string, orgName?: string): string {
    const holders = this.house.logins.people.filter((one) => one.posts.includes(post) && (orgName === undefined || one.orgName === orgName))
    const found = holders.find((one) => one.orgName === this.branch) ?? holders.find((one) => one.orgName === this.centre) ?? holders[0]
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

  /** Its workflow has looked at a new case and given it its days: from here on nothing happens that nobody does. */
  async lookedAt(caseId: string): Promise<string> {
    const isCounted = async () => expect((await this.see('INTAKE', caseId)).case.dueOn).not.toBeNull()
    await vi.waitFor(isCounted, { timeout: 20_000, interval: 50 })
    return caseId
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

  /** Everything on the checklist is handed in and looked at: nothing is accepted before. */
  async bringsMaterials(caseId: string): Promise<void> {
    await bringMaterials(await this.person('INTAKE'), caseId)
  }

  /** Submitted, with everything that is needed to accept it already on record. */
  async complete(story: string): Promise<string> {
    const caseId = await this.submit(story)
    await keepMaterials(this.house.owner, caseId, this.numberOf('INTAKE'))
    return caseId
  }

  /** From the counter to the preliminary reviewer's list. */
  async accepted(story: string): Promise<string> {
    const caseId = await this.complete(story)
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
    await this.signs(caseId)
    return caseId
  }

  async signs(caseId: string): Promise<void> {
    await this.decides('CONTRACTING', caseId, {
      action: 'sign',
      fields: { contractNumber: `JK-${caseId.slice(0, 8)}`, signedOn: '2025-11-03' },
    })
    await this.reaches('CONTRACTING', caseId, 'SIGNED')
    for (const task of (await this.see('CONTRACTING', caseId)).tasks) {
      const signer = await this.house.signIn(this.numberOf(task.post, task.orgName))
      const answer = await signer.decide(caseId, { action: 'confirm', opinion: '核验无误' })
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    }
  }

  /**
   * The mortgage is registered, over the interface or, with a number, at the registry's counter; the certificate is read back.
   * @returns where that has led
   */
  async entersMortgage(caseId: string, mortgageNumber?: string): Promise<string> {
    if (mortgageNumber === undefined) await this.decides('COLLATERAL', caseId, { action: 'register' })
    else {
      await this.registersAtCounter(caseId, mortgageNumber)
      await this.entersCertificate(caseId, mortgageNumber)
    }
    return this.reaches('COLLATERAL', caseId, 'SECURED', 'MORTGAGE_DOUBTED')
  }

  /** Types a number from paper, whatever the registry has. */
  async entersCertificate(caseId: string, mortgageNumber: string): Promise<void> {
    await this.decides('COLLATERAL', caseId, { action: 'secure', fields: { mortgageNumber, mortgageOn: '2025-11-03' } })
  }

  /** The registry enters the mortgage of the case, as the parties have brought it on paper. */
  async registersAtCounter(caseId: string, certificateNo: string): Promise<void> {
    const { owner, vault, sandbox } = this.house
    const loan = await owner.selectFrom('loan').select(['approved_fen']).where('case_id', '=', caseId).executeTakeFirstOrThrow()
    const forms = owner.selectFrom('loan_application').select('content_enc').where('case_id', '=', caseId).orderBy('version', 'desc')
    const { home } = openApplication(vault, (await forms.executeTakeFirstOrThrow()).content_enc)
    const mortgagee = SCOPES[home.place === '410783' ? 'changyuan' : 'xinxiang'].label
    const certificate = { certificateNo, homeNo: home.homeNumber, amountFen: String(loan.approved_fen), mortgagee }
    await sandbox.load({ certificates: [{ ...certificate, registeredOn: '2025-11-03', state: 'EFFECTIVE' }] })
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

  /** A one-time code for this cast's own person, who comes in first: that spends one as well. */
  async freshCode(post: string): Promise<string> {
    await this.person(post)
    return this.unspentCode(post)
  }

  /**
   * A one-time code that has not been spent, the demo's own way to one, for somebody who sits at a desk of the office. Half a minute has
   * passed since the last one, as far as the record can tell.
   */
  async unspentCode(post: string): Promise<string> {
    await this.house.owner.deleteFrom('spent_one_time_code').execute()
    const answer = await new Browser(this.house.origin).send('POST', '/api/demo/one-time-code', { staffNumber: this.numberOf(post) })
    return (answer.body as { oneTimeCode: string }).oneTimeCode
  }
}
