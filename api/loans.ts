import type { PlainDate } from '#contracts/dates.ts'
import { checkIdNumber } from '#contracts/identity.ts'
import { flawsOn, type LoanApplication } from '#contracts/loan.ts'
import { maskAccount, maskHolder, maskIdNumber, maskName, maskPhone } from '#contracts/masking.ts'
import { verdictContent } from '#contracts/recorded-verdict.ts'
import { openApplication, sealApplication } from '#activities/loan/application.ts'
import { filedOf } from '#activities/loan/filed.ts'
import { gatherFacts } from '#activities/loan/gather.ts'
import { ALREADY_BEFORE_US, lockKeysOf } from '#activities/loan/locks.ts'
import { readPolicy } from '#activities/policy.ts'
import { canonicalJson, sha256Hex, snapshotId } from '#db/canonical.ts'
import { forSql } from '#db/connect.ts'
import { transact } from '#db/fault.ts'
import { otherOpenApplications, readPersonOnBooks } from '#db/read/household.ts'
import { readApplication, readTerms } from '#db/read/loan.ts'
import { readDocument } from '#db/read/materials.ts'
import { auditDesk } from '#db/write/audit.ts'
import { noteLook } from '#db/write/read-log.ts'
import { recordEvent } from '#db/write/cases.ts'
import { addVersion, openLoan } from '#db/write/loan-application.ts'
import { normaliseIdNumber } from '#db/vault.ts'
import { LOAN_RULE_VERSION } from '#rules/loan/assess.ts'
import { LOAN_MATERIALS } from '#rules/loan/materials.ts'
import { ASKED_AFTER_ACCEPTANCE, preCheckLoan } from '#rules/loan/pre-check.ts'
import { articleOn } from '#rules/articles.ts'
import { REASON_CODES, type ReasonCode } from '#rules/reason-codes.ts'
import { presentResult } from './case-facts.ts'
import { audit, visibleCase } from './cases.ts'
import { draftHandlers } from './drafts.ts'
import { guardCheck } from './file-rights.ts'
import type { Handlers } from './mount.ts'
import { refuse, RefusalError } from './problems.ts'

type Names =
  | 'reference'
  | 'preCheck'
  | 'submit'
  | 'readApplication'
  | 'readTerms'
  | 'amend'
  | 'lookUpContributor'
  | 'listDrafts'
  | 'readDraft'
  | 'writeDraft'
  | 'discardDraft'
  | 'checkDocument'

/** Stages in which the counter may correct the form: before acceptance, or when it was sent back for that. */
const AMENDABLE = ['SUBMITTED', 'CORRECTION_REQUESTED', 'RETURNED', 'SUPPLEMENT_PENDING']

export const loanHandlers: Pick<Handlers, Names> = {
  ...draftHandlers,

  reference: (_input, call) =>
    call.read(async (db) => {
      const orgs = await forSql(db)
        .selectFrom('org')
        .select(['org_id', 'name', 'kind', 'reporting_entity'])
        .where('kind', 'in', ['BANK', 'GUARANTOR'])
        .orderBy('org_id')
        .execute()
      const payers = await call.parts.desk
        .selectFrom('bank_account')
        .select('bank_org_id')
        .where('reporting_entity', '=', call.me.reportingEntity)
        .where('ledger_code', 'like', '101%')
        .execute()
      const entrusted = new Set(payers.map((row) => row.bank_org_id))
      return {
        banks: orgs.filter((org) => org.kind === 'BANK' && entrusted.has(org.org_id)).map((org) => ({ orgId: org.org_id, name: org.name })),
        guarantors: orgs.filter((org) => org.kind === 'GUARANTOR').map((org) => ({ orgId: org.org_id, name: org.name })),
        materials: [...LOAN_MATERIALS],
        reasonCodes: Object.entries(REASON_CODES)
          .filter(([, kind]) => kind.effect === 'REFUSE')
          .map(([code, { label }]) => ({ code, label, article: articleOn(code as ReasonCode, call.me.businessDate) })),
      }
    }),

  // The same questions to the same sources, by the same rules as the case itself, but for the credit bureau, which is not asked before
  // anybody has signed; nothing is kept but the note that it was asked.
  preCheck: async ({ query, body }, call) => {
    guardForm(call, body)
    const { desk, ports, vault } = call.parts
    const own = query.amending ? await visibleCase(call, query.amending) : undefined
    const today = call.me.businessDate
    const policy = await readPolicy(desk, call.me.reportingEntity, today)
    const { facts } = await gatherFacts({
      db: desk,
      ports,
      vault,
      application: body,
      entity: call.me.reportingEntity,
      policy,
      today,
      appliedOn: today,
      authorisationRef: `PRECHECK-${call.me.staffId}`,
      creditAuthorisation: { because: ASKED_AFTER_ACCEPTANCE },
      ...(own ? { ownCaseId: own.case_id } : {}),
    })
    const result = preCheckLoan(facts, policy)
    const content = canonicalJson({ facts, result, rule: LOAN_RULE_VERSION, snapshot: snapshotId(policy) })
    await transact(desk, 'pre-check', (tx) =>
      auditDesk(tx, call.me, 'pre-check', {
        outcome: result.outcome,
        hash: sha256Hex(content),
        subject: vault.hash(normaliseIdNumber(body.borrower.idNumber)).toString('hex').slice(0, 16),
      }),
    )
    return {
      ...presentResult(verdictContent(content).result),
      kind: 'PRE_CHECK',
      snapshotId: snapshotId(policy),
      ruleVersion: LOAN_RULE_VERSION,
      hash: sha256Hex(content),
      madeAt: call.parts.clock.instant(),
    }
  },

  submit: async ({ body }, call) => {
    if (call.me.orgKind !== 'BRANCH') throw refuse('FORBIDDEN', '贷款申请由管理部柜台受理')
    guardForm(call, body)
    await guardInstitutions(call, body)
    const { vault } = call.parts
    const opened = await openLoan(call.tx, { by: call.me, contentEnc: sealApplication(vault, body), ...filedOf(vault, body) })
    if (!opened) throw refuse('RULES_REFUSE', ALREADY_BEFORE_US)
    return opened
  },

  // Masked for everybody, also for the bank it is assigned to; the counter that may correct it sees what it typed, and that is on record.
  readApplication: async ({ params }, call) => {
    const kase = await visibleCase(call, params.caseId)
    const { desk, vault } = call.parts
    // In the caller's own eyes: an assigned bank sees its case, and of the form nothing.
    const row = await call.read((db) => readApplication(db, kase.case_id))
    if (!row) throw refuse('NOT_FOUND')
    const application = openApplication(vault, row.content_enc)
    const clear = AMENDABLE.includes(kase.stage) && call.me.posts.some(({ post, orgId }) => post === 'INTAKE' && orgId === kase.org_id)
    if (clear)
      await transact(desk, 'application-read', (tx) => audit({ tx, me: call.me }, kase, 'read/application', { version: row.version }))
    else await noteLook(desk, { kase, staffId: call.me.staffId, act: 'read/application', body: { version: row.version, masked: true } })
    return { version: row.version, clear, content: clear ? plain(application) : masked(application) }
  },

  readTerms: ({ params }, call) =>
    call.read(async (db) => {
      const loan = await readTerms(db, params.caseId)
      if (!loan) throw refuse('NOT_FOUND')
      return {
        bankName: loan.bank_name,
        guarantorName: loan.guarantor_name,
        repaymentMethod: loan.repayment_method,
        approvedFen: fenTextOf(loan.approved_fen),
        approvedMonths: loan.approved_months,
        approvedRatePercent: loan.approved_rate,
        approvedOn: loan.approved_on,
        approvalValidTo: loan.approval_valid_to,
        contractNumber: loan.contract_number,
        signedOn: loan.signed_on,
        mortgageNumber: loan.mortgage_number,
        mortgageOn: loan.mortgage_on,
        disbursedFen: fenTextOf(loan.disbursed_fen),
        disbursedOn: loan.disbursed_on,
        disbursedRatePercent: loan.rate_percent,
      }
    }),

  // A correction is a new version of the form and nothing else. Who is in the case, what it claims and who may see it follow with the
  // decision that hands it in; what that decision would have to refuse is said now.
  amend: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    if (kase.org_id !== call.me.orgId || !AMENDABLE.includes(kase.stage)) throw refuse('CONFLICT', '本环节不能更正申请内容')
    if (kase.stage_version !== call.version) throw refuse('STALE')
    guardForm(call, body)
    await guardInstitutions(call, body)
    const { vault } = call.parts
    if ((await otherOpenApplications(call.tx, lockKeysOf(vault, body), kase.case_id)) > 0) throw refuse('RULES_REFUSE', ALREADY_BEFORE_US)
    const version = await addVersion(call.tx, kase, { contentEnc: sealApplication(vault, body), enteredBy: call.me.staffId })
    await audit(call, kase, 'amend', { version, amountFen: body.amountFen })
    await recordEvent(call.tx, kase, 'AMENDED')
    return { version }
  },

  lookUpContributor: async ({ body }, call) => {
    const checked = checkIdNumber(body.idNumber)
    if (!checked.ok) throw refuse('INVALID_INPUT', checked.text)
    const { desk, vault } = call.parts
    const hash = vault.hash(checked.normalised)
    await transact(desk, 'contributor-looked-up', (tx) =>
      auditDesk(tx, call.me, 'look-up/contributor', { subject: hash.toString('hex').slice(0, 16) }),
    )
    const person = await desk.selectFrom('contributor').select('name').where('id_hash', '=', hash).executeTakeFirst()
    const books = await readPersonOnBooks(desk, hash, call.me.businessDate)
    if (!person || !books.account) return { found: false, contributor: null }
    return {
      found: true,
      contributor: {
        name: maskName(person.name),
        unitName: books.account.unitName,
        accountNumber: maskAccount(books.account.accountNumber),
        state: books.account.state,
        baseFen: String(books.account.baseFen),
        balanceFen: String(books.account.balanceFen),
        monthsContributed: books.account.monthsContinuous,
        paidThrough: books.account.paidThrough,
        restricted: books.restricted,
      },
    }
  },

  checkDocument: async ({ params, body }, call) => {
    const document = await call.read((db) => readDocument(db, params.documentId))
    if (!document) throw refuse('NOT_FOUND')
    const kase = await visibleCase(call, document.case_id)
    await guardCheck(call, kase, document.uploaded_by)
    await call.tx
      .updateTable('document')
      .set({ check_state: body.state, checked_by: call.me.staffId, check_remark: body.remark })
      .where('document_id', '=', params.documentId)
      .execute()
    await audit(call, document, `document/${body.state}`, { document: params.documentId, material: document.material, remark: body.remark })
    // What may be done now hangs on it: whoever has the case open sees it.
    await recordEvent(call.tx, kase, 'DOCUMENT')
    return {}
  },
}

/** What a form cannot say today is refused like any other wrong field, each with its place. */
function guardForm(call: { readonly me: { readonly businessDate: PlainDate } }, application: LoanApplication): void {
  const flaws = flawsOn(application, call.me.businessDate)
  if (flaws.length === 0) return
  const errors = flaws.map(({ path, message }) => ({ pointer: `#/${path.join('/')}`, code: 'IMPOSSIBLE', detail: message }))
  throw new RefusalError({ code: 'INVALID_INPUT', errors })
}

async function guardInstitutions(call: Parameters<Handlers['submit']>[1], application: LoanApplication): Promise<void> {
  const wanted = [application.entrustedBankId, ...(application.guarantee.institutionId ? [application.guarantee.institutionId] : [])]
  const orgs = await call.tx.selectFrom('org').select(['org_id', 'kind']).where('org_id', 'in', wanted).execute()
  const kindOf = (id: string | null) => orgs.find((org) => org.org_id === id)?.kind
  if (kindOf(application.entrustedBankId) !== 'BANK') throw refuse('INVALID_INPUT', '受委托银行不存在')
  if (application.guarantee.institutionId && kindOf(application.guarantee.institutionId) !== 'GUARANTOR')
    throw refuse('INVALID_INPUT', '担保机构不存在')
}

const fenTextOf = (amount: bigint | null): string | null => (amount === null ? null : String(amount))

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
