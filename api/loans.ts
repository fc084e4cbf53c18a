import { checkIdNumber } from '#contracts/identity.ts'
import { maskAccount, maskName } from '#contracts/masking.ts'
import { verdictContent } from '#contracts/recorded-verdict.ts'
import { gatherFacts } from '#activities/loan/gather.ts'
import { readPolicy } from '#activities/policy.ts'
import { canonicalJson, sha256Hex, snapshotId } from '#db/canonical.ts'
import { transact } from '#db/fault.ts'
import { readPersonOnBooks } from '#db/read/household.ts'
import { readInstitutions } from '#db/read/institutions.ts'
import { readTerms } from '#db/read/loan.ts'
import { readDocument } from '#db/read/materials.ts'
import { auditDesk } from '#db/write/audit.ts'
import { recordEvent } from '#db/write/cases.ts'
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
import { guardForm } from './loan-applications.ts'
import { invalid, refuse } from './problems.ts'

type Names =
  | 'reference'
  | 'preCheck'
  | 'readTerms'
  | 'lookUpContributor'
  | 'listDrafts'
  | 'readDraft'
  | 'writeDraft'
  | 'discardDraft'
  | 'checkDocument'

export const loanHandlers: Pick<Handlers, Names> = {
  ...draftHandlers,

  reference: async (_input, call) => ({
    ...(await readInstitutions(call.parts.desk, call.me.reportingEntity)),
    materials: [...LOAN_MATERIALS],
    reasonCodes: Object.entries(REASON_CODES)
      .filter(([, kind]) => kind.effect === 'REFUSE')
      .map(([code, { label }]) => ({ code, label, article: articleOn(code as ReasonCode, call.me.businessDate) })),
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
        contractRatePercent: loan.contract_rate,
        signedOn: loan.signed_on,
        mortgageNumber: loan.mortgage_number,
        mortgageOn: loan.mortgage_on,
        disbursedFen: fenTextOf(loan.disbursed_fen),
        disbursedOn: loan.disbursed_on,
        disbursedRatePercent: loan.rate_percent,
      }
    }),

  lookUpContributor: async ({ body }, call) => {
    const checked = checkIdNumber(body.idNumber)
    if (!checked.ok) throw invalid('#/idNumber', checked.part, checked.text)
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

const fenTextOf = (amount: bigint | null): string | null => (amount === null ? null : String(amount))
