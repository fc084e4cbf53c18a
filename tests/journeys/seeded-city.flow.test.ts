import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { revivePaper } from '#activities/loan/papers.ts'
import { readPdf } from '#activities/papers/pdf-reader.ts'
import { renderPaper } from '#activities/papers/render.ts'
import type { CaseView } from '#contracts/api/cases.ts'
import type { LoanStage } from '#rules/loan/stages.ts'
import type { Browser } from '../setup/http-client.ts'
import { startHouse, type House } from '../setup/house.ts'
import { bringMaterials } from '../setup/materials.ts'
import { expectOrder } from '../setup/order.ts'

/** The demo city as people take it up: every paper can be printed, and every open case is gone on with by an officer who may. */
let house: House
/** Where each case stood before anybody came. */
let seeded: { caseId: string; stage: string; open: boolean; entity: string }[]
beforeAll(async () => {
  house = await startHouse({ city: { contributors: 700, olderLoans: 280, openCases: 66 } })
  seeded = await house.owner
    .selectFrom('case_file')
    .select(['case_id as caseId', 'stage', 'open', 'reporting_entity as entity'])
    .orderBy('case_number')
    .execute()
}, 240_000)
afterAll(() => house.end())

const signedIn = new Map<string, Promise<Browser>>()
const person = (staffNumber: string): Promise<Browser> => {
  const found = signedIn.get(staffNumber) ?? house.signIn(staffNumber)
  signedIn.set(staffNumber, found)
  return found
}

describe('every paper can be printed', () => {
  /** Which act issues which paper. */
  const ISSUED: Readonly<Record<string, string>> = {
    受理: 'ACCEPTANCE_RECEIPT',
    不予受理: 'NON_ACCEPTANCE',
    要求补正: 'SUPPLEMENT',
    发出一次性告知: 'SUPPLEMENT',
    准予贷款: 'APPROVAL',
    不准予贷款: 'REFUSAL',
  }

  test('each case has the papers of its way; of every stage each kind is a file that can be read, and made again is the same', async () => {
    const reader = { xinxiang: await house.as('INTERNAL_AUDIT'), changyuan: await house.as('DIRECTOR', '长垣市住房公积金管理中心（演示）') }
    const [printed, made] = [new Set<string>(), new Set<string>()]
    for (const { caseId, entity, stage } of seeded.filter((one) => !['PROPOSED', 'IN_FORCE', 'REJECTED'].includes(one.stage))) {
      const officer = reader[entity === 'xinxiang' ? 'xinxiang' : 'changyuan']
      const view = await officer.get<CaseView>(`/api/cases/${caseId}`)
      // Of the cases of earlier years the papers lie in the archive.
      if (view.createdAt < '2025') continue
      const issued = view.timeline.flatMap(({ actionLabel }) => ISSUED[actionLabel ?? ''] ?? [])
      const expected = [...issued, ...(stage === 'DISBURSED' ? ['REPAYMENT_PLAN'] : [])]
      expect(view.papers.map(({ kind }) => kind).toSorted(), view.case.caseNumber).toEqual(expected.toSorted())
      for (const { kind, paperId, paperNumber } of view.papers.filter((paper) => !printed.has(`${stage} ${paper.kind}`))) {
        printed.add(`${stage} ${kind}`)
        const file = await print(officer, paperId)
        const { pages, invisible, embeddedFonts } = readPdf(file)
        expect({ invisible, embedded: embeddedFonts > 0 }, paperNumber).toEqual({ invisible: [], embedded: true })
        for (const text of [view.case.caseNumber, paperNumber]) expect(pages.join('\n')).toContain(text)
        if (made.has(kind)) continue
        made.add(kind)
        const { input, sha256 } = await house.owner
          .selectFrom('paper')
          .select(['input', 'sha256'])
          .where('paper_id', '=', paperId)
          .executeTakeFirstOrThrow()
        const again = await renderPaper(revivePaper(input).input)
        expect({ sha256: again.sha256, same: file.equals(again.bytes) }).toEqual({ sha256, same: true })
      }
    }
    console.log(`papers printed: ${printed.size}`)
    expect([...made].toSorted()).toEqual([...new Set([...Object.values(ISSUED), 'REPAYMENT_PLAN'])].toSorted())
  }, 300_000)

  const print = async (officer: Browser, paperId: string): Promise<Buffer> => {
    const response = await fetch(`${house.origin}/api/papers/${paperId}`, { headers: { Cookie: officer.cookieHeader } })
    expect(response.headers.get('content-type'), await response.clone().text()).toContain('application/pdf')
    return Buffer.from(await response.arrayBuffer())
  }
})

type Answer = Record<string, unknown>
interface Step {
  readonly action: string | ((view: CaseView) => string)
  readonly with?: (view: CaseView) => Answer
  /** Where the case stands in the end, once the machine has done its part. */
  readonly to: readonly string[]
  /** What the same officer does next. */
  readonly next?: Step
}

const terms = ({ verdicts, case: { amountFen } }: CaseView): Answer => {
  const found = verdicts.find(({ kind }) => kind === 'ASSESSMENT')
  const approved = found?.outcome === 'approved'
  const most = found?.ceilings.map(({ limitFen }) => BigInt(limitFen)).reduce((least, next) => (next < least ? next : least))
  return { terms: { amountFen: approved ? found.amountFen : String(most ?? amountFen), months: found?.months || 180 } }
}
/** What the papers of people without a blemish say. */
const answers = ({ questions }: CaseView): Answer => ({
  opinion: '已凭纸质信用报告核对',
  answers: questions.map(({ question, person }) => ({
    question,
    person,
    reference: '纸质凭证（打印件）20251103',
    ...(question === 'CREDIT'
      ? { overdueNowFen: '0', overdueRunMonths: 0, overdueTimes24Months: 0, monthlyRepaymentFen: '0' }
      : { listed: false }),
  })),
})
const says = (opinion: string) => (): Answer => ({ opinion })

/** What the officer of each stage does first of all. */
const STEPS: Readonly<Partial<Record<LoanStage, Step>>> = {
  CORRECTION_REQUESTED: { action: 'resubmit', with: says('材料已补齐'), to: ['SUBMITTED'] },
  SUBMITTED: { action: 'accept', to: ['PRELIM_REVIEW'] },
  RETURNED: { action: 'resubmit', with: says('已更正'), to: ['PRELIM_REVIEW'] },
  MANUAL_CHECK: { action: 'confirm', with: answers, to: ['PRELIM_REVIEW'] },
  PRELIM_REVIEW: { action: 'pass', with: says('初审通过'), to: ['REVIEW'] },
  REVIEW: { action: 'pass', with: terms, to: ['APPROVAL'] },
  SENIOR_APPROVAL: { action: 'approve', with: terms, to: ['APPROVED'] },
  SPECIAL_APPROVAL: {
    action: 'approve-specially',
    with: (view) => ({ ...terms(view), reasonCode: 'CONTRIBUTION_SHORT', opinion: '家庭确有困难，特审准予' }),
    to: ['APPROVED'],
  },
  APPROVAL: { action: 'approve', with: terms, to: ['APPROVED'] },
  SUPPLEMENT_PENDING: {
    action: ({ clock }) => (clock.state === 'PAUSED' ? 'receive' : 'deliver'),
    with: ({ clock }) =>
      clock.state === 'PAUSED' ? { opinion: '材料收讫' } : { fields: { deliveredOn: '2025-11-03', deliveryMethod: '窗口当面送达' } },
    to: ['REVIEW', 'SUPPLEMENT_PENDING'],
  },
  APPROVED: {
    action: ({ actions }) => (actions.some(({ action, allowed }) => action === 'expire' && allowed) ? 'expire' : 'sign'),
    with: ({ case: { id } }) => ({ opinion: '已办', fields: { contractNumber: `JK-${id.slice(0, 8)}`, signedOn: '2025-11-03' } }),
    to: ['SIGNED', 'EXPIRED'],
  },
  SIGNED: { action: 'confirm', with: says('核验无误'), to: ['SIGNED', 'SECURITY_PENDING'] },
  SECURITY_PENDING: {
    action: 'register',
    to: ['SECURED'],
  },
  MORTGAGE_DOUBTED: { action: 'confirm', with: says('已到窗口查询属实'), to: ['SECURED'] },
  SECURED: { action: 'request-release', to: ['RELEASE_REQUESTED'] },
  QUEUED: { action: 'admit', to: ['RELEASE_REQUESTED'] },
  // What was checked on an earlier day is checked again.
  RELEASE_REQUESTED: { action: 'check-again', to: ['RELEASE_REQUESTED'], next: { action: 'pay', to: ['DISBURSED'] } },
  // The bureau answers again by now.
  SENIOR_RELEASE: { action: 'check-again', to: ['RELEASE_REQUESTED'] },
  RELEASE_HELD: { action: 'reapprove', with: says('新增失信记录，重新审批'), to: ['APPROVAL'] },
  VOID_REQUESTED: { action: 'void', with: says('情况属实，同意作废'), to: ['VOID'] },
  VOID_SENIOR: { action: 'void', with: says('同意作废'), to: ['VOID'] },
  VOID_SPECIAL: { action: 'return', with: () => ({ to: 'SECURED', opinion: '仍有贷款意愿，不予作废' }), to: ['SECURED'] },
  PAY_DISPUTED: { action: 'deny-paid', with: says('对账单尚未调齐，暂不确认'), to: ['PAY_FAILED'] },
  PAY_FAILED: { action: 'request-release', with: says('收款账户已核对，重新申请'), to: ['RELEASE_REQUESTED'] },
}

/** Every holder of an awaited post, each until one may: whoever has claimed it, is not barred, and has not acted in another step. */
async function takenOn(caseId: string, step: Step): Promise<string> {
  const tasks = await house.owner
    .selectFrom('task')
    .innerJoin('org', 'org.org_id', 'task.org_id')
    .select(['task.post', 'org.name'])
    .where('case_id', '=', caseId)
    .where('state', '=', 'OPEN')
    .execute()
  const against: string[] = []
  for (const { post, name } of tasks) {
    for (const holder of house.logins.people.filter(({ posts, orgName }) => posts.includes(post) && orgName === name)) {
      const officer = await person(holder.staffNumber)
      // Of what came in yesterday the counter has not looked at everything.
      if (step.action === 'accept') await bringMaterials(officer, caseId).catch((error: unknown) => against.push(String(error)))
      const view = await officer.get<CaseView>(`/api/cases/${caseId}`)
      const name = typeof step.action === 'string' ? step.action : step.action(view)
      const action = view.actions.find((one) => one.action === name)
      if (!action?.allowed) {
        against.push(`${holder.staffNumber}：${action?.obstacles.map(({ text }) => text).join('；') ?? '没有这个动作'}`)
        continue
      }
      const stepUp = action.needs.includes('step-up') ? { oneTimeCode: await freshCode(officer, holder.staffNumber) } : {}
      const answer = await officer.decide(caseId, { action: name, ...step.with?.(view), ...stepUp })
      expect(answer.status, `${view.case.caseNumber} ${name}: ${JSON.stringify(answer.body)}`).toBe(200)
      return officer.waitFor(caseId, step.to, 60_000)
    }
  }
  throw new Error(`nobody may go on: ${against.join('，')}`)
}

const freshCode = async (officer: Browser, staffNumber: string): Promise<string> =>
  ((await officer.send('POST', '/api/demo/one-time-code', { staffNumber })).body as { oneTimeCode: string }).oneTimeCode

describe('every open case can be gone on with', () => {
  test('the stages of this test are those of the city', () => {
    expect([...Object.keys(STEPS), 'PAY_UNKNOWN', 'PROPOSED'].sort()).toEqual(
      [...new Set(seeded.filter(({ open }) => open).map(({ stage }) => stage))].sort(),
    )
  })

  test.each(Object.entries(STEPS))(
    'each case in %s, by the one who is awaited',
    async (stage, step) => {
      const cases = seeded.filter((one) => one.stage === stage)
      expect(cases.length).toBeGreaterThan(0)
      for (const { caseId } of cases) {
        expect(step.to).toContain(await takenOn(caseId, step))
        if (step.next) expect(step.next.to).toContain(await takenOn(caseId, step.next))
      }
    },
    120_000,
  )

  test('the payment whose end nobody knows is asked for once more, and the bank answers', async () => {
    const [unknown] = seeded.filter(({ stage }) => stage === 'PAY_UNKNOWN')
    const caseId = unknown?.caseId ?? ''
    const { payment_id: paymentId } = await house.owner
      .selectFrom('payment')
      .select('payment_id')
      .where('case_id', '=', caseId)
      .executeTakeFirstOrThrow()
    await takenOn(caseId, { action: 'query-again', to: ['PAYING', 'PAY_UNKNOWN'] })
    const serial = paymentId.toUpperCase()
    await vi.waitFor(async () => expect((await house.sandbox.payments()).map((one) => one.serial)).toContain(serial), 60_000)
    await house.sandbox.release(serial)
    expect(await (await house.as('INTERNAL_AUDIT')).waitFor(caseId, ['DISBURSED'], 60_000)).toBe('DISBURSED')
  }, 120_000)

  test('rights that wait are confirmed by the security administrator', async () => {
    const [proposed] = seeded.filter(({ stage }) => stage === 'PROPOSED')
    expect(await takenOn(proposed?.caseId ?? '', { action: 'confirm', to: ['IN_FORCE'] })).toBe('IN_FORCE')
  }, 60_000)

  test('afterwards all is in order', () => expectOrder(house), 60_000)
})
