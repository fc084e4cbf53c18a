import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { revivePaper } from '#activities/loan/papers.ts'
import type { PaperInput } from '#activities/papers/input.ts'
import type { CaseView, VerdictView } from '#contracts/api/cases.ts'
import { canonicalJson } from '#db/canonical.ts'
import { demoApplicant } from '#db/seed/people.ts'
import { startDoor } from '../access/second-door.ts'
import { onePagePdf } from '../setup/browser-files.ts'
import type { Browser } from '../setup/http-client.ts'
import { cast, house, openJourneys } from './open-journeys.ts'

openJourneys()

const paperOf = async <K extends PaperInput['kind']>(caseId: string, kind: K): Promise<Extract<PaperInput, { kind: K }>> => {
  const paper = house.owner.selectFrom('paper').select('input').where('case_id', '=', caseId).where('kind', '=', kind)
  return revivePaper((await paper.executeTakeFirstOrThrow()).input).input as Extract<PaperInput, { kind: K }>
}
const pdf = (name: string): File => {
  const { buffer, mimeType } = onePagePdf(name)
  return new File([new Uint8Array(buffer)], name, { type: mimeType })
}
const refusalOf = (upload: Promise<string>): Promise<string> =>
  upload.then(
    () => 'taken',
    (error: Error) => error.message,
  )
/** Another clerk of the same counter. */
async function otherClerk(): Promise<{ name: string; browser: Browser }> {
  const first = cast.numberOf('INTAKE')
  const other = house.logins.people.find((one) => one.posts.includes('INTAKE') && one.orgName === cast.branch && one.staffNumber !== first)
  if (!other) throw new Error('the counter has one clerk only')
  return { name: other.name, browser: await house.signIn(other.staffNumber) }
}

describe('acceptance certifies the checklist', () => {
  test('so nothing is accepted before every line is there and was looked at; the button and the refusal say which', async () => {
    const caseId = await cast.submit('approved-couple')
    const clerk = await cast.person('INTAKE')
    const barred = await clerk.decide(caseId, { action: 'accept' })
    expect(barred).toMatchObject({ status: 409, body: { code: 'RULES_REFUSE', detail: expect.stringContaining('征信查询授权书') } })
    const { actions } = await cast.see('INTAKE', caseId)
    expect(actions.find(({ action }) => action === 'accept')).toMatchObject({
      allowed: false,
      obstacles: [{ text: expect.stringMatching(/^申请材料未提交：身份证明、婚姻状况证明/) }],
    })
    await cast.bringsMaterials(caseId)
    const [income] = (await cast.see('INTAKE', caseId)).documents.filter(({ material }) => material === 'INCOME')
    const found = await clerk.command('POST', `/api/documents/${income?.documentId}/check`, {
      state: 'MISMATCH',
      remark: '未注明任职起始时间',
    })
    expect(found.status, JSON.stringify(found.body)).toBe(200)
    expect(await clerk.decide(caseId, { action: 'accept' })).toMatchObject({
      status: 409,
      body: { detail: '申请材料核对为缺或者不符：收入证明' },
    })
    await cast.bringsMaterials(caseId)

    // Whoever accepts signs the receipt, and not whoever typed the form; what was found wrong is not among what was received.
    const { name, browser } = await otherClerk()
    await browser.command('POST', `/api/cases/${caseId}/claim`, { takeOverReason: '窗口轮班' })
    expect(await browser.decide(caseId, { action: 'accept' })).toMatchObject({ status: 200 })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    const receipt = await paperOf(caseId, 'ACCEPTANCE_RECEIPT')
    expect(receipt.receivedBy).toBe(name)
    const lines = ['身份证明', '婚姻状况证明', '购房合同（网签备案）', '首付款凭证', '收入证明', '征信查询授权书', '还款卡复印件']
    expect(new Map(receipt.materials.map((one) => [one.name, one.count]))).toEqual(new Map(lines.map((line) => [line, 1])))
  }, 60_000)
})

describe('a letter of refusal', () => {
  test('gives what the rules refuse for with its figures, and what the officer writes; and says where to turn', async () => {
    const caseId = await cast.accepted('refused-two-loans')
    const proposal = { action: 'propose-refusal', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '拟作经营使用' }
    await cast.decides('PRELIMINARY_REVIEWER', caseId, proposal)
    await cast.decides('REVIEWER', caseId, proposal)
    const vague = await (
      await cast.person('APPROVER')
    ).decide(caseId, { action: 'refuse', reasonCode: 'SOURCE_UNAVAILABLE', opinion: '未查到' })
    expect(vague).toMatchObject({ status: 409, body: { detail: '“数据未能取得”不能作为不予贷款的理由' } })
    await cast.decides('APPROVER', caseId, {
      action: 'refuse',
      reasonCode: 'NOT_OWN_OCCUPIED',
      furtherReasonCodes: ['INCOME_INSUFFICIENT'],
      opinion: '勘查发现拟作经营使用',
    })
    const { reasons, remedy, contact } = await paperOf(caseId, 'REFUSAL')
    expect(reasons).toEqual([
      expect.objectContaining({
        text: '家庭在全国范围内已使用2次住房公积金贷款',
        figures: [{ label: '全国范围内已使用公积金贷款', value: '2次' }],
      }),
      expect.objectContaining({ text: '非自住住房：勘查发现拟作经营使用' }),
      expect.objectContaining({ text: '收入不足' }),
    ])
    expect(remedy.reviewBody).toBe('新乡市人民政府')
    expect(contact.address).not.toContain('各管理部办事大厅')
  }, 60_000)

  test('before acceptance gives every reason as well', async () => {
    const caseId = await cast.submit('approved-many-children')
    await cast.decides('INTAKE', caseId, {
      action: 'not-accept',
      reasonCode: 'NOT_OWN_OCCUPIED',
      furtherReasonCodes: ['HOME_OUTSIDE_AREA'],
      opinion: '坐落于外市，且非自住',
    })
    const { reasons } = await paperOf(caseId, 'NON_ACCEPTANCE')
    expect(reasons.map(({ text }) => text)).toEqual(['非自住住房：坐落于外市，且非自住', '住房不在贷款区域'])
    expect((await cast.see('INTAKE', caseId)).timeline.at(-1)?.reasons).toEqual([
      { code: 'NOT_OWN_OCCUPIED', label: '非自住住房' },
      { code: 'HOME_OUTSIDE_AREA', label: '住房不在贷款区域' },
    ])
  }, 30_000)
})

describe('the file of a case', () => {
  test('takes documents from whoever acts in the stage, as a line of the checklist, and from nobody else', async () => {
    const caseId = await cast.submit('approved-single')
    for (const post of ['INTERNAL_AUDIT', 'CASHIER', 'PRELIMINARY_REVIEWER', 'APPROVER'])
      expect(await refusalOf((await cast.person(post)).upload(caseId, 'INCOME', pdf('收入证明.pdf'))), post).toContain('403')
    const clerk = await cast.person('INTAKE')
    const strange = await refusalOf(clerk.upload(caseId, 'ANYTHING_AT_ALL', pdf('其他.pdf')))
    expect(strange).toContain('"detail":"材料清单中没有此项"')
    expect(strange).toContain('"errors":[{"pointer":"#/material","code":"UNKNOWN_REFERENCE","detail":"材料清单中没有此项"}]')
    const documentId = await clerk.upload(caseId, 'INCOME', pdf('收入证明.pdf'))
    const early = await (await cast.person('REVIEWER')).command('POST', `/api/documents/${documentId}/check`, { state: 'VERIFIED' })
    expect(early).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    expect((await cast.see('INTERNAL_AUDIT', caseId)).canUpload.allowed).toBe(false)

    await cast.bringsMaterials(caseId)
    await cast.decides('INTAKE', caseId, { action: 'accept' })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'PRELIM_REVIEW')
    expect(await refusalOf(clerk.upload(caseId, 'OTHER', pdf('补充.pdf')))).toContain('本环节由初审岗办理')
    const reviewer = await cast.person('PRELIMINARY_REVIEWER')
    const own = await reviewer.upload(caseId, 'OTHER', pdf('面谈笔录.pdf'))
    const alone = await reviewer.command('POST', `/api/documents/${own}/check`, { state: 'VERIFIED' })
    expect(alone).toMatchObject({ status: 409, body: { code: 'FOUR_EYES' } })
    expect((await cast.see('PRELIMINARY_REVIEWER', caseId)).documents.find((one) => one.documentId === own)?.canCheck.allowed).toBe(false)
    expect((await reviewer.command('POST', `/api/documents/${documentId}/check`, { state: 'VERIFIED' })).status).toBe(200)
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'pass', opinion: '资料齐全' })
    expect((await (await cast.person('REVIEWER')).command('POST', `/api/documents/${own}/check`, { state: 'VERIFIED' })).status).toBe(200)
  }, 60_000)

  test('takes notes from those who work on such cases, not from those who only look on', async () => {
    const caseId = await cast.submit('approved-second-home')
    const note = { kind: 'NOTE', text: '请核对首付款来源' }
    const auditor = await (await cast.person('INTERNAL_AUDIT')).command('POST', `/api/cases/${caseId}/notes`, note)
    expect(auditor).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
    expect((await (await cast.person('APPROVER')).command('POST', `/api/cases/${caseId}/notes`, note)).status).toBe(201)
  }, 30_000)
})

describe('credit is read on the applicant’s signature, and who reads it is on record', () => {
  test('the pre-check asks the bureau nothing, and says that its answer is without it', async () => {
    const { ports } = house.apiParts
    const unreachable = { ...ports, credit: { ...ports.credit, baseUrl: 'http://127.0.0.1:1' } }
    const second = await startDoor({ ...house, apiParts: { ...house.apiParts, ports: unreachable } })
    try {
      const clerk = await cast.person('INTAKE')
      const answer = await fetch(`${second.door.house.origin}/api/loans/pre-check`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Anju': '1', Origin: second.door.house.origin, Cookie: clerk.cookieHeader },
        body: canonicalJson(demoApplicant('approved-price-limits').application),
      })
      const found = (await answer.json()) as VerdictView
      expect([answer.status, found.outcome, found.reasons.map(({ code }) => code)]).toEqual([200, 'approved', []])
      expect(found.notes.map(({ code }) => code)).toContain('CREDIT_ASKED_LATER')
    } finally {
      await second.end()
    }
  }, 60_000)

  test('each question carries the number of the signed paper; replies are kept for everybody asked about, in every round', async () => {
    const caseId = await cast.accepted('approved-price-differs')
    const replies = () =>
      house.owner
        .selectFrom('source_reply')
        .select(['source', 'authorisation', 'outcome', 'round'])
        .where('case_id', '=', caseId)
        .where('source', 'like', 'CREDIT%')
        .orderBy('round')
        .orderBy('source')
        .execute()
    const view = await cast.see('PRELIMINARY_REVIEWER', caseId)
    const [signed] = view.documents.filter(({ material }) => material === 'CREDIT_AUTHORISATION')
    const married = view.parties.some(({ role }) => role === 'SPOUSE')
    const first = await replies()
    expect(first.map(({ source }) => source)).toEqual(married ? ['CREDIT', 'CREDIT_SPOUSE'] : ['CREDIT'])
    expect(new Set(first.map(({ authorisation }) => authorisation))).toEqual(new Set([signed?.documentId]))

    // Once the paper is found wanting, nobody is asked on it again.
    const reviewer = await cast.person('PRELIMINARY_REVIEWER')
    const wanting = { state: 'MISMATCH', remark: '缺签署日期' }
    expect((await reviewer.command('POST', `/api/documents/${signed?.documentId}/check`, wanting)).status).toBe(200)
    await cast.decides('PRELIMINARY_REVIEWER', caseId, { action: 'check-again' })
    await cast.reaches('PRELIMINARY_REVIEWER', caseId, 'MANUAL_CHECK')
    const all = await replies()
    expect(all).toHaveLength(first.length * 2)
    expect(all.slice(first.length).map(({ outcome, authorisation }) => [outcome, authorisation])).toEqual(
      first.map(() => ['UNAVAILABLE', '未取得']),
    )
  }, 60_000)

  test('whoever opens the case, a document or a letter stands in its chain: once for each stretch of reading', async () => {
    const caseId = await cast.accepted('approved-capacity-limits')
    const reader = await cast.person('INTERNAL_AUDIT')
    for (let times = 0; times < 3; times++) await reader.get(`/api/cases/${caseId}`)
    const { documents, papers } = await reader.get<CaseView>(`/api/cases/${caseId}`)
    const headers = { Cookie: reader.cookieHeader }
    expect((await fetch(`${house.origin}/api/documents/${documents[0]?.documentId}/content`, { headers })).status).toBe(200)
    expect((await fetch(`${house.origin}/api/papers/${papers[0]?.paperId}`, { headers })).status).toBe(200)
    await reader.get(`/api/loans/${caseId}/application`)
    const { staffId } = await reader.get<{ staffId: string }>('/api/session')
    const { rows, intact } = await reader.get<{ intact: boolean; rows: { act: string; actor: string; body: string }[] }>(
      `/api/cases/${caseId}/audit`,
    )
    const mine = rows.filter(({ actor }) => actor === `staff/${staffId}`)
    expect(mine.map(({ act }) => act)).toEqual(['read/case', 'read/document', 'print/paper', 'read/application'])
    expect(JSON.parse(mine[0]?.body ?? '{}')).toMatchObject({
      sections: ['FAMILY', 'CREDIT', 'DISHONEST_DEBTORS'],
      posts: ['INTERNAL_AUDIT'],
    })
    expect(intact).toBe(true)
  }, 60_000)

  test('a chain whose end was cut off is not called whole', async () => {
    const caseId = await cast.submit('approved-price-limits')
    await cast.decides('INTAKE', caseId, { action: 'not-accept', reasonCode: 'NOT_OWN_OCCUPIED', opinion: '不属自住' })
    const approver = await cast.person('APPROVER')
    await approver.get(`/api/cases/${caseId}`)
    const before = await approver.get<{ rows: { seq: string }[] }>(`/api/cases/${caseId}/audit`)
    const last = before.rows.at(-1)?.seq ?? ''
    // Nobody's role may; whoever owns the tables can, and is found out.
    await house.owner.transaction().execute(async (tx) => {
      await sql`alter table audit_row disable trigger user`.execute(tx)
      await tx.deleteFrom('audit_row').where('stream', '=', `case/${caseId}`).where('seq', '=', BigInt(last)).execute()
      await sql`alter table audit_row enable trigger user`.execute(tx)
    })
    expect(await approver.get(`/api/cases/${caseId}/audit`)).toMatchObject({
      intact: false,
      firstBadSeq: last,
      what: expect.stringContaining('缺行'),
    })
  }, 30_000)
})

test('a seller who is a person is masked in the form, whatever the length of the name', async () => {
  const { application } = demoApplicant('recusal-approver')
  const sold = {
    ...application,
    home: {
      ...application.home,
      sellerName: '阿依古丽·买买提',
      receivingAccount: { ...application.home.receivingAccount, ownerName: '阿依古丽·买买提' },
    },
  }
  const answer = await (await cast.person('INTAKE')).command('POST', '/api/loans', JSON.parse(canonicalJson(sold)))
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  const { caseId } = answer.body as { caseId: string }
  const read = await (
    await cast.person('REVIEWER')
  ).get<{ content: { home: { sellerName: string; receivingAccount: { ownerName: string } } } }>(`/api/loans/${caseId}/application`)
  expect([read.content.home.sellerName, read.content.home.receivingAccount.ownerName]).toEqual(['阿******提', '阿******提'])
}, 30_000)
