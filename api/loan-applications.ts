import type { PlainDate } from '#contracts/dates.ts'
import { flawsOn, type LoanApplication } from '#contracts/loan.ts'
import { maskAccount, maskHolder, maskIdNumber, maskName, maskPhone } from '#contracts/masking.ts'
import { openApplication, sealApplication } from '#activities/loan/application.ts'
import { filedOf } from '#activities/loan/filed.ts'
import { ALREADY_BEFORE_US } from '#activities/loan/locks.ts'
import { correctionObstacles, mustStayAwayFrom } from '#activities/loan/stay-away.ts'
import { canonicalJson } from '#db/canonical.ts'
import { transact } from '#db/fault.ts'
import { readStageVersion } from '#db/read/case-file.ts'
import { readInstitutions } from '#db/read/institutions.ts'
import { readApplication } from '#db/read/loan.ts'
import { businessTime } from '#db/read/time.ts'
import { joinStepGroup, recordEvent } from '#db/write/cases.ts'
import { addVersion, openLoan } from '#db/write/loan-application.ts'
import { noteLook } from '#db/write/read-log.ts'
import { SECOND_GROUP } from '#rules/cases/may-act.ts'
import { audit, visibleCase } from './cases.ts'
import { canAmend, guardAmend, refuseAll } from './file-rights.ts'
import type { DeskCall, Handlers } from './mount.ts'
import { refuse, RefusalError } from './problems.ts'

/** The form of a loan: handed in, read, corrected. */
export const applicationHandlers: Pick<Handlers, 'submit' | 'readApplication' | 'amend'> = {
  submit: async ({ body }, call) => {
    if (call.me.orgKind !== 'BRANCH') throw refuse('FORBIDDEN', '贷款申请由管理部柜台受理')
    const { vault } = call.parts
    const filed = filedOf(vault, body)
    guardForm(call, body)
    await guardInstitutions(call, body)
    refuseAll(await mustStayAwayFrom(call.tx, [call.me.staffId], filed.parties))
    const opened = await openLoan(call.tx, { by: call.me, contentEnc: sealApplication(vault, body), ...filed })
    if (!opened) throw refuse('RULES_REFUSE', ALREADY_BEFORE_US)
    return opened
  },

  // Masked for everybody, also for the bank it is assigned to; whoever may correct it sees what was typed, and that is on record.
  readApplication: async ({ params }, call) => {
    const kase = await visibleCase(call, params.caseId)
    const { desk, vault } = call.parts
    // In the caller's own eyes: an assigned bank sees its case, and of the form nothing.
    const row = await call.read((db) => readApplication(db, kase.case_id))
    if (!row) throw refuse('NOT_FOUND')
    const application = openApplication(vault, row.content_enc)
    const clear = await canAmend(call, kase)
    if (clear)
      await transact(desk, 'application-read', (tx) => audit({ tx, me: call.me }, kase, 'read/application', { version: row.version }))
    else await noteLook(desk, { kase, staffId: call.me.staffId, act: 'read/application', body: { version: row.version, masked: true } })
    return { version: row.version, clear, content: clear ? plain(application) : masked(application) }
  },

  // A correction is a new version of the form and nothing else. Who is in the case, what it claims and who may see it follow with the
  // decision that hands it in; what that decision would have to refuse is said now.
  amend: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    const { persons, onBehalfOf } = await guardAmend(call, kase)
    if (kase.stage_version !== call.version) throw refuse('STALE')
    guardForm(call, body)
    await guardInstitutions(call, body)
    const { vault } = call.parts
    const filed = filedOf(vault, body)
    refuseAll(await correctionObstacles(call.tx, kase.case_id, persons, filed))
    const { now } = await businessTime(call.tx)
    if (!(await joinStepGroup(call.tx, kase.case_id, persons, 'DESK', now))) refuseAll([SECOND_GROUP])
    const form = { contentEnc: sealApplication(vault, body), enteredBy: call.me.staffId, onBehalfOf }
    const version = await addVersion(call.tx, kase, form)
    // A decision made meanwhile had the case locked, and the new row waited for it; from here on decisions wait for us.
    if ((await readStageVersion(call.tx, kase.case_id)) !== call.version) throw refuse('STALE')
    await audit(call, kase, 'amend', { version, amountFen: body.amountFen })
    await recordEvent(call.tx, kase, 'AMENDED')
    return { version }
  },
}

/** What a form cannot say today is refused like any other wrong field, each with its place. */
export function guardForm(call: { readonly me: { readonly businessDate: PlainDate } }, application: LoanApplication): void {
  const flaws = flawsOn(application, call.me.businessDate)
  if (flaws.length === 0) return
  const errors = flaws.map(({ path, message }) => ({ pointer: `#/${path.join('/')}`, code: 'IMPOSSIBLE', detail: message }))
  throw new RefusalError({ code: 'INVALID_INPUT', errors })
}

/** A bank that holds none of our deposits can pay nothing out, and a guarantor of another centre answers for nobody here. */
async function guardInstitutions({ tx, me }: DeskCall, { entrustedBankId, guarantee }: LoanApplication): Promise<void> {
  const { banks, guarantors } = await readInstitutions(tx, me.reportingEntity)
  const knows = (orgs: readonly { orgId: string }[], id: string) => orgs.some(({ orgId }) => orgId === id)
  const errors = [
    ...(knows(banks, entrustedBankId) ? [] : [{ pointer: '#/entrustedBankId', code: 'UNKNOWN', detail: '不是本中心的受委托银行' }]),
    ...(guarantee.institutionId === null || knows(guarantors, guarantee.institutionId)
      ? []
      : [{ pointer: '#/guarantee/institutionId', code: 'UNKNOWN', detail: '不是与本中心合作的担保机构' }]),
  ]
  if (errors.length > 0) throw new RefusalError({ code: 'INVALID_INPUT', errors })
}

const plain = (application: LoanApplication): unknown => JSON.parse(canonicalJson(application))

/** The form with names, numbers, phones and accounts masked; the rest as entered. */
function masked(application: LoanApplication): unknown {
  const person = (one: LoanApplication['borrower']) => ({
    ...one,
    name: maskName(one.name),
    idNumber: maskIdNumber(one.idNumber),
    mobile: maskPhone(one.mobile),
  })
  const { home, repaymentCard } = application
  return JSON.parse(
    canonicalJson({
      ...application,
      borrower: person(application.borrower),
      spouse: application.spouse ? person(application.spouse) : null,
      children: application.children.map((child) => ({ name: maskName(child.name), idNumber: maskIdNumber(child.idNumber) })),
      coBorrowers: application.coBorrowers.map(person),
      home: {
        ...home,
        sellerName: maskHolder(home.sellerName),
        receivingAccount: {
          ...home.receivingAccount,
          accountNumber: maskAccount(home.receivingAccount.accountNumber),
          ownerName: maskHolder(home.receivingAccount.ownerName),
        },
      },
      repaymentCard: { ...repaymentCard, number: maskAccount(repaymentCard.number), ownerName: maskName(repaymentCard.ownerName) },
    }),
  )
}
