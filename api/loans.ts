import { checkIdNumber } from '#contracts/identity.ts'
import type { LoanApplication } from '#contracts/loan.ts'
import { maskAccount, maskIdNumber, maskName, maskPhone } from '#contracts/masking.ts'
import { openApplication, sealApplication } from '#activities/loan/application.ts'
import { gatherFacts } from '#activities/loan/gather.ts'
import { lockKeysOf } from '#activities/loan/locks.ts'
import { readPolicy } from '#activities/policy.ts'
import { canonicalJson, sha256Hex, snapshotId } from '#db/canonical.ts'
import { forSql } from '#db/connect.ts'
import { readPersonOnBooks } from '#db/read/household.ts'
import { readApplication } from '#db/read/loan.ts'
import { appendAudit } from '#db/write/audit.ts'
import { recordEvent } from '#db/write/cases.ts'
import { openLoan, writeParties, type PartyRow } from '#db/write/loan-application.ts'
import { normaliseIdNumber, type Vault } from '#db/vault.ts'
import { assessLoan, LOAN_RULE_VERSION } from '#rules/loan/assess.ts'
import { REASON_CODES } from '#rules/reason-codes.ts'
import { audit, visibleCase } from './cases.ts'
import { draftHandlers } from './drafts.ts'
import type { Handlers } from './mount.ts'
import { refuse } from './problems.ts'

type Names =
  | 'reference'
  | 'preCheck'
  | 'submit'
  | 'readApplication'
  | 'amend'
  | 'lookUpContributor'
  | 'listDrafts'
  | 'readDraft'
  | 'writeDraft'
  | 'discardDraft'
  | 'checkDocument'

/** What a counter asks to see, in the order of its checklist. */
const MATERIALS = [
  { code: 'IDENTITY', label: '身份证明', required: true },
  { code: 'MARRIAGE', label: '婚姻状况证明', required: true },
  { code: 'CONTRACT', label: '购房合同（网签备案）', required: true },
  { code: 'DOWN_PAYMENT', label: '首付款凭证', required: true },
  { code: 'INCOME', label: '收入证明', required: true },
  { code: 'CREDIT_AUTHORISATION', label: '征信查询授权书', required: true },
  { code: 'REPAYMENT_CARD', label: '还款卡复印件', required: true },
  { code: 'OTHER', label: '其他材料', required: false },
] as const

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
        materials: [...MATERIALS],
        reasonCodes: Object.entries(REASON_CODES)
          .filter(([, kind]) => kind.effect === 'REFUSE')
          .map(([code, { label, article }]) => ({ code, label, article })),
      }
    }),

  // The same questions to the same sources, by the same rules as the case itself; nothing is kept but the note that it was asked.
  preCheck: async ({ body }, call) => {
    const { desk, ports, vault } = call.parts
    const today = call.me.businessDate
    const { facts } = await gatherFacts({
      db: desk,
      ports,
      vault,
      application: body,
      entity: call.me.reportingEntity,
      today,
      authorisationRef: `PRECHECK-${call.me.staffId}`,
    })
    const policy = await readPolicy(desk, call.me.reportingEntity, today)
    const result = assessLoan(facts, policy)
    const content = canonicalJson({ facts, result, rule: LOAN_RULE_VERSION, snapshot: snapshotId(policy) })
    await desk.transaction().execute((tx) =>
      appendAudit(tx, {
        stream: `desk/${call.me.staffId}`,
        orgId: call.me.orgId,
        actor: `staff/${call.me.staffId}`,
        act: 'pre-check',
        body: {
          outcome: result.outcome,
          hash: sha256Hex(content),
          subject: vault.hash(normaliseIdNumber(body.borrower.idNumber)).toString('hex').slice(0, 16),
        },
      }),
    )
    const plain = JSON.parse(canonicalJson(result)) as { ceilings: never; reasons: never; notes: never; amountFen: string }
    return {
      kind: 'PRE_CHECK',
      outcome: result.outcome,
      months: result.months,
      ratePercent: result.ratePercent,
      homeOrder: result.homeOrder,
      amountFen: plain.amountFen,
      ceilings: plain.ceilings,
      reasons: plain.reasons,
      notes: plain.notes,
      snapshotId: snapshotId(policy),
      ruleVersion: LOAN_RULE_VERSION,
      hash: sha256Hex(content),
      madeAt: call.parts.clock.instant(),
    }
  },

  submit: async ({ body }, call) => {
    if (call.me.orgKind !== 'BRANCH') throw refuse('FORBIDDEN', '贷款申请由管理部柜台受理')
    await guardInstitutions(call, body)
    const { vault } = call.parts
    const [personKeys, homeKey] = [lockKeysOf(vault, body).slice(0, -1), lockKeysOf(vault, body).at(-1)]
    const opened = await openLoan(call.tx, {
      by: call.me,
      contentEnc: sealApplication(vault, body),
      parties: partiesOf(vault, body),
      applicantMasked: maskName(body.borrower.name),
      amountFen: body.amountFen,
      method: body.method,
      bankOrgId: body.entrustedBankId,
      guarantorOrgId: body.guarantee.institutionId,
      locks: [...personKeys.map((key) => ({ key, what: 'household' })), ...(homeKey ? [{ key: homeKey, what: 'home' }] : [])],
    })
    if (!opened) throw refuse('RULES_REFUSE', '同一家庭或同一住房已有在办的贷款申请')
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
    if (clear) await desk.transaction().execute((tx) => audit({ tx, me: call.me }, kase, 'read/application', { version: row.version }))
    return { version: row.version, clear, content: clear ? plain(application) : masked(application) }
  },

  amend: async ({ params, body }, call) => {
    const kase = await visibleCase(call, params.caseId)
    if (kase.org_id !== call.me.orgId || !AMENDABLE.includes(kase.stage)) throw refuse('CONFLICT', '本环节不能更正申请内容')
    if (kase.stage_version !== call.version) throw refuse('STALE')
    await guardInstitutions(call, body)
    const owned = { org_id: kase.org_id, access_group_id: kase.access_group_id }
    const last = await call.tx
      .selectFrom('loan_application')
      .select('version')
      .where('case_id', '=', kase.case_id)
      .orderBy('version', 'desc')
      .executeTakeFirstOrThrow()
    const version = last.version + 1
    await call.tx
      .insertInto('loan_application')
      .values({
        case_id: kase.case_id,
        version,
        ...owned,
        content_enc: sealApplication(call.parts.vault, body),
        entered_by: call.me.staffId,
        entered_at: kase.stage_entered_at,
      })
      .execute()
    await call.tx.deleteFrom('case_party').where('case_id', '=', kase.case_id).execute()
    await writeParties(call.tx, kase.case_id, owned, partiesOf(call.parts.vault, body))
    await audit(call, kase, 'amend', { version, amountFen: body.amountFen })
    await recordEvent(call.tx, kase, 'AMENDED')
    return { version }
  },

  lookUpContributor: async ({ body }, call) => {
    const checked = checkIdNumber(body.idNumber)
    if (!checked.ok) throw refuse('INVALID_INPUT', checked.text)
    const { desk, vault } = call.parts
    const hash = vault.hash(checked.normalised)
    await desk.transaction().execute((tx) =>
      appendAudit(tx, {
        stream: `desk/${call.me.staffId}`,
        orgId: call.me.orgId,
        actor: `staff/${call.me.staffId}`,
        act: 'look-up/contributor',
        body: { subject: hash.toString('hex').slice(0, 16) },
      }),
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
    const document = await call.read((db) =>
      forSql(db)
        .selectFrom('document')
        .select(['case_id', 'org_id', 'access_group_id', 'material'])
        .where('document_id', '=', params.documentId)
        .executeTakeFirst(),
    )
    if (!document) throw refuse('NOT_FOUND')
    await call.tx
      .updateTable('document')
      .set({ check_state: body.state, checked_by: call.me.staffId, check_remark: body.remark })
      .where('document_id', '=', params.documentId)
      .execute()
    await audit(call, document, `document/${body.state}`, { document: params.documentId, material: document.material, remark: body.remark })
    return {}
  },
}

async function guardInstitutions(call: Parameters<Handlers['submit']>[1], application: LoanApplication): Promise<void> {
  const wanted = [application.entrustedBankId, ...(application.guarantee.institutionId ? [application.guarantee.institutionId] : [])]
  const orgs = await call.tx.selectFrom('org').select(['org_id', 'kind']).where('org_id', 'in', wanted).execute()
  const kindOf = (id: string | null) => orgs.find((org) => org.org_id === id)?.kind
  if (kindOf(application.entrustedBankId) !== 'BANK') throw refuse('INVALID_INPUT', '受委托银行不存在')
  if (application.guarantee.institutionId && kindOf(application.guarantee.institutionId) !== 'GUARANTOR')
    throw refuse('INVALID_INPUT', '担保机构不存在')
}

/** The people of a form as the case keeps them: sealed, hashed, found by their last four. */
export function partiesOf(vault: Vault, application: LoanApplication): PartyRow[] {
  const row = (role: PartyRow['role'], person: { name: string; idNumber: string; mobile?: string; employer?: string }): PartyRow => {
    const checked = checkIdNumber(person.idNumber)
    if (!checked.ok) throw refuse('INVALID_INPUT', checked.text)
    return {
      role,
      name: person.name,
      idNumberEnc: vault.seal(checked.normalised),
      idHash: vault.hash(checked.normalised),
      idLast4: checked.normalised.slice(-4),
      phoneEnc: person.mobile ? vault.seal(person.mobile) : null,
      bornOn: checked.bornOn,
      sex: checked.sex,
      unitName: person.employer ?? null,
    }
  }
  return [
    row('BORROWER', application.borrower),
    ...(application.spouse ? [row('SPOUSE', application.spouse)] : []),
    ...application.children.map((child) => row('CHILD', child)),
    ...application.coBorrowers.map((person) => row('CO_BORROWER', person)),
  ]
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
      home: { ...home, receivingAccount: { ...home.receivingAccount, accountNumber: maskAccount(home.receivingAccount.accountNumber) } },
      repaymentCard: { ...repaymentCard, number: maskAccount(repaymentCard.number), ownerName: maskName(repaymentCard.ownerName) },
    }),
  )
}
