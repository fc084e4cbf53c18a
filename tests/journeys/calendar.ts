import { expect, vi } from 'vitest'
import { plainDate } from '#contracts/dates.ts'
import type { House } from '../setup/house.ts'
import { LoanCast } from './loan-cast.ts'

/** One city whose date is moved by a clerk, the way the bar in the console does it. */
export class Calendar {
  readonly house: House
  readonly cast: LoanCast
  constructor(house: House) {
    this.house = house
    this.cast = new LoanCast(house)
  }

  /** Moves the date and waits until everything that fell due has been told. */
  async reaches(to: string): Promise<void> {
    const answer = await (await this.cast.person('INTAKE')).command('POST', '/api/clock/advance', { to })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    await vi.waitFor(async () => expect(await this.overdueAndArmed(to)).toEqual([]), { timeout: 15_000, interval: 50 })
  }

  overdueAndArmed(on: string) {
    const { owner } = this.house
    return owner
      .selectFrom('deadline')
      .select(['code', 'due_on'])
      .where('state', '=', 'ARMED')
      .where('due_on', '<=', plainDate(on))
      .execute()
  }

  deadlines(caseId: string, code: string) {
    return this.house.owner
      .selectFrom('deadline')
      .select(['due_on as dueOn', 'state', 'settled_on as settledOn'])
      .where('case_id', '=', caseId)
      .where('code', '=', code)
      .where('state', '<>', 'CANCELLED')
      .orderBy('due_on')
      .execute()
  }

  /** What the record says was told, in its order. */
  async told(caseId: string): Promise<string[]> {
    const rows = await this.house.owner
      .selectFrom('audit_row')
      .select('act')
      .where('case_id', '=', caseId)
      .where('act', 'like', 'deadline/%')
      .orderBy('seq')
      .execute()
    return rows.map(({ act }) => act.slice('deadline/'.length))
  }

  /** The posts of those whom the case was copied to. */
  async copiedTo(caseId: string): Promise<string[]> {
    const rows = await this.house.owner
      .selectFrom('case_copy')
      .innerJoin('staff_post', 'staff_post.staff_id', 'case_copy.staff_id')
      .select('post')
      .distinct()
      .where('case_id', '=', caseId)
      .orderBy('post')
      .execute()
    return rows.map(({ post }) => post)
  }

  /** What the list of cases that were copied to them says of this one to whoever holds a post. */
  async readsOf(post: string, caseId: string): Promise<(string | null)[]> {
    const { rows } = await (await this.cast.person(post)).get<{ rows: { id: string }[] }>('/api/tasks/copied?limit=50')
    if (!rows.some(({ id }) => id === caseId)) return []
    const copies = this.house.owner.selectFrom('case_copy').innerJoin('staff', 'staff.staff_id', 'case_copy.staff_id').select('remark')
    const copy = copies.where('case_id', '=', caseId).where('staff_number', '=', this.cast.numberOf(post))
    return (await copy.execute()).map(({ remark }) => remark)
  }

  /** Somebody's account is to be locked; the security administrator has not looked at it yet. */
  async proposesLock(ofPost: string): Promise<string> {
    const whose = this.house.owner.selectFrom('staff').select('staff_id').where('staff_number', '=', this.cast.numberOf(ofPost))
    const { staff_id: staffId } = await whose.executeTakeFirstOrThrow()
    const proposal = { change: 'LOCK', staffId, reason: '账号口令疑似外泄，先行锁定' }
    const answer = await (await this.cast.person('SYS_ADMIN')).command('POST', '/api/staff-changes', proposal)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return (answer.body as { caseId: string }).caseId
  }

  async stageOf(caseId: string): Promise<string> {
    return (await this.cast.see('INTAKE', caseId)).case.stage
  }

  async clockOf(caseId: string) {
    return (await this.cast.see('INTAKE', caseId)).clock
  }

  /** The notice is sent, and delivered on the present business date: the answer is the applicant's to give. */
  async awaitsAnswer(story: string, deliveredOn: string): Promise<string> {
    const { cast } = this
    const caseId = await cast.accepted(story)
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', wants: [{ item: '收入证明', reason: '未加盖单位公章' }] })
    await cast.decides('REVIEWER', caseId, { action: 'supplement' })
    await cast.decides('INTAKE', caseId, { action: 'deliver', fields: { deliveredOn, deliveryMethod: '窗口当面送达' } })
    return caseId
  }
}
