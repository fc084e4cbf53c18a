import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Behaviour, CertificateFlaw, GarbageKind } from '#contracts/machine/sandbox.ts'
import { fen } from '#contracts/money.ts'
import { newMachineKeys, spawnSandbox, type SpawnedSandbox } from '#sandbox/spawned.ts'
import { testDatabase, type TestDatabase } from '../../tests/setup/database.ts'
import type { PortConfig } from './call.ts'
import { nationwideLoans } from './cities.ts'
import { childrenOf, deathOf, identityMatch, marriageOf } from './civil.ts'
import { creditReport } from './credit.ts'
import { PortFault } from './fault.ts'
import { confirmGuarantee } from './guarantor.ts'
import { deliveryReceipts, sendMessage } from './messages.ts'
import { businessDate, credit, home, li, loan, seized, stranger, zhang } from './world.fixture.ts'
import { certificateOf, encumbrancesOfHome, filedContract, homesOfFamily, queryMortgage, submitMortgage } from './registry.ts'

let database: TestDatabase
let sandbox: SpawnedSandbox
let asked = 0
const head = () => ({ requestId: `question-${(asked += 1)}`, businessDate, authorisationRef: 'AUTH-2025-0001' })
const config = (counterpart: Parameters<SpawnedSandbox['portTo']>[0], timeoutMs?: number): PortConfig =>
  sandbox.portTo(counterpart, timeoutMs)

beforeAll(async () => {
  database = await testDatabase()
  sandbox = await spawnSandbox(database.ownerUrl, newMachineKeys())
  await sandbox.load({
    persons: [
      {
        ...zhang,
        marriage: { state: 'MARRIED', spouse: li, since: '2010-05-01' },
        children: [{ name: '张小明', idNumber: '410702201203040017', bornOn: '2012-03-04' }],
        credit,
        fundLoans: [loan],
      },
      {
        ...li,
        death: { state: 'DECEASED', diedOn: '2025-10-01' },
        dishonestDebtor: { listed: true, court: '红旗区人民法院', orderNo: '(2025)豫0702执2号', listedOn: '2025-09-01' },
      },
    ],
    homes: [home, seized],
    filings: [
      {
        filingNo: 'WQ-2025-001',
        homeNo: '410702-0003',
        priceFen: '80000000',
        filedOn: '2025-10-20',
        buyers: [zhang.idNumber],
        state: 'VALID',
      },
    ],
    institutions: [{ institutionId: 'guarantor-1', name: '新乡某担保公司', limitFen: '100000000', validUntil: '2026-12-31' }],
    silentCentres: [],
  })
})
afterEach(() => sandbox.clearScripts())
afterAll(async () => {
  await sandbox?.kill('SIGTERM')
  await database?.drop()
})

describe('what the houses outside tell', () => {
  it('the registry lists the homes of the family in the place, and an empty list is its word', async () => {
    const family = await homesOfFamily(config('registry'), { ...head(), place: '410700', persons: [zhang, li] })
    expect(family.result.homes).toMatchObject([{ homeNo: '410702-0001', disposedOn: null }])
    expect(family.provenance).toMatchObject({ source: '不动产登记中心', authorisationRef: 'AUTH-2025-0001' })
    const elsewhere = await homesOfFamily(config('registry'), { ...head(), place: '410728', persons: [zhang] })
    expect(elsewhere.result.homes).toEqual([])
  })
  it('the filed contract gives the price, or is not there', async () => {
    expect((await filedContract(config('registry'), { ...head(), filingNo: 'WQ-2025-001' })).result).toMatchObject({
      state: 'FOUND',
      filing: { priceFen: 80_000_000n },
    })
    expect((await filedContract(config('registry'), { ...head(), filingNo: 'WQ-2025-999' })).result).toEqual({
      state: 'NOT_FOUND',
      filingNo: 'WQ-2025-999',
    })
  })
  it('a seized home is told as seized, and its mortgage is returned', async () => {
    const { result } = await encumbrancesOfHome(config('registry'), { ...head(), homeNo: seized.homeNo })
    expect(result.seizures).toMatchObject([{ court: '红旗区人民法院', endsOn: '2028-01-01' }])
    const terms = { applicationNo: 'DJ-00000009', homeNo: seized.homeNo, amountFen: fen(100n) }
    const application = { ...head(), ...terms, contractNo: 'HT-9', kind: 'MORTGAGE', mortgagee: '本中心', owners: [stranger] } as const
    const submitted = await submitMortgage(config('registry'), { ...application, owners: [stranger] })
    expect(submitted.result).toMatchObject({ state: 'RETURNED', reason: 'HOME_SEIZED' })
  })
  it('marriage, children, identity and death', async () => {
    expect((await marriageOf(config('civil'), { ...head(), person: zhang })).result.marriage).toMatchObject({
      state: 'MARRIED',
      spouse: li,
    })
    expect((await marriageOf(config('civil'), { ...head(), person: stranger })).result.marriage).toEqual({ state: 'NO_RECORD' })
    expect((await childrenOf(config('civil'), { ...head(), person: zhang })).result.children).toMatchObject([{ bornOn: '2012-03-04' }])
    expect((await identityMatch(config('civil'), { ...head(), person: zhang })).result.match).toBe('MATCH')
    expect((await identityMatch(config('civil'), { ...head(), person: { ...zhang, name: '张建军' } })).result.match).toBe('MISMATCH')
    expect((await identityMatch(config('civil'), { ...head(), person: stranger })).result.match).toBe('NOT_FOUND')
    expect((await deathOf(config('civil'), { ...head(), person: li })).result.death).toEqual({ state: 'DECEASED', diedOn: '2025-10-01' })
  })
  it('the bureau tells overdue counts, debts and the list of dishonest debtors', async () => {
    const clean = (await creditReport(config('credit'), { ...head(), person: zhang })).result
    expect(clean).toMatchObject({
      credit: { state: 'FOUND', report: { overdueMonthsIn24: 1, outstandingFen: 1_200_000n } },
      dishonestDebtor: { listed: false },
    })
    const listed = (await creditReport(config('credit'), { ...head(), person: li })).result
    expect(listed).toMatchObject({ credit: { state: 'NO_RECORD' }, dishonestDebtor: { listed: true } })
  })
  it('the nationwide history names the centres that did not answer', async () => {
    expect((await nationwideLoans(config('cities'), { ...head(), person: zhang })).result).toMatchObject({
      loans: [{ settledOn: '2020-01-01' }],
      silentCentres: [],
    })
    await sandbox.load({ silentCentres: ['开封市住房公积金管理中心'] })
    expect((await nationwideLoans(config('cities'), { ...head(), person: zhang })).result.silentCentres).toEqual([
      '开封市住房公积金管理中心',
    ])
    await sandbox.load({ silentCentres: [] })
  })
})

describe('registration of a mortgage', () => {
  const apply = (terms: { applicationNo: string; homeNo: string; amountFen: ReturnType<typeof fen> }) =>
    submitMortgage(config('registry'), { ...head(), ...terms, contractNo: 'HT-1', kind: 'MORTGAGE', mortgagee: '本中心', owners: [zhang] })

  it('is received, then registered, then seen on the home; applying again changes nothing', async () => {
    const terms = { applicationNo: 'DJ-00000001', homeNo: home.homeNo, amountFen: fen(65_000_000n) }
    expect((await apply(terms)).result.state).toBe('RECEIVED')
    const registered = await queryMortgage(config('registry'), { ...head(), ...terms })
    expect(registered.result).toMatchObject({ state: 'REGISTERED', certificateNo: 'M-DJ-00000001', registeredOn: '2025-11-03' })
    expect((await apply(terms)).result.state).toBe('REGISTERED')
    const { result } = await encumbrancesOfHome(config('registry'), { ...head(), homeNo: home.homeNo })
    expect(result.mortgages).toMatchObject([{ amountFen: 65_000_000n, kind: 'MORTGAGE', mortgagee: '本中心' }])
  })
  it('is late by as many queries as scripted', async () => {
    const terms = { applicationNo: 'DJ-00000002', homeNo: '410702-0004', amountFen: fen(100n) }
    await sandbox.script({ service: 'registry', behaviour: { kind: 'late', queries: 2 } })
    await apply(terms)
    const states = []
    for (let query = 0; query < 3; query += 1) states.push((await queryMortgage(config('registry'), { ...head(), ...terms })).result.state)
    expect(states).toEqual(['RECEIVED', 'RECEIVED', 'REGISTERED'])
  })
  it('may be returned, and an application number stands for one application', async () => {
    const terms = { applicationNo: 'DJ-00000003', homeNo: '410702-0005', amountFen: fen(100n) }
    await sandbox.script({ service: 'registry', match: 'DJ-00000003', behaviour: { kind: 'returned' } })
    expect((await apply(terms)).result).toMatchObject({ state: 'RETURNED', reason: 'PAPERS_INCOMPLETE' })
    await expect(apply({ ...terms, amountFen: fen(200n) })).rejects.toMatchObject({ kind: 'refused', code: 'KEY_REUSED' })
  })
  it('over another amount than asked for is a mismatch', async () => {
    const terms = { applicationNo: 'DJ-00000004', homeNo: '410702-0006', amountFen: fen(100n) }
    await apply(terms)
    await expect(queryMortgage(config('registry'), { ...head(), ...terms, amountFen: fen(101n) })).rejects.toMatchObject({
      kind: 'mismatch',
    })
  })
})

describe('a mortgage certificate, read back', () => {
  const paper = { certificateNo: '豫(2025)新乡市不动产证明第0001号', homeNo: home.homeNo, amountFen: fen(65_000_000n), mortgagee: '本中心' }
  const read = async (terms = paper) => (await certificateOf(config('registry'), { ...head(), ...terms })).result
  const flawed = (flaw: CertificateFlaw) => sandbox.script({ service: 'registry', behaviour: { kind: 'certificate', flaw } })

  it('that was never given is not there, whatever terms are asked with', async () => {
    expect(await read({ ...paper, certificateNo: '豫(2025)新乡市不动产证明第9999号' })).toMatchObject({ state: 'NOT_FOUND' })
  })
  it('of a mortgage registered through the interface is that of its application', async () => {
    expect(await read({ ...paper, certificateNo: 'M-DJ-00000001' })).toMatchObject({
      certificate: { homeNo: home.homeNo, amountFen: 65_000_000n, mortgagee: '本中心', state: 'EFFECTIVE' },
    })
  })
  it('is as it was registered at the counter, and stays so, whatever terms are asked with', async () => {
    await sandbox.load({ certificates: [{ ...paper, amountFen: '65000000', registeredOn: businessDate, state: 'EFFECTIVE' }] })
    const kept = { state: 'FOUND', certificate: { ...paper, registeredOn: businessDate, state: 'EFFECTIVE' } }
    expect(await read()).toEqual(kept)
    expect(await read({ ...paper, amountFen: fen(1n), homeNo: seized.homeNo })).toEqual(kept)
  })
  it('may differ from the paper: that is an answer, told once by each script', async () => {
    await flawed('NOT_REGISTERED')
    expect(await read()).toEqual({ state: 'NOT_FOUND', certificateNo: paper.certificateNo })
    for (const [flaw, differs] of [
      ['OTHER_AMOUNT', { amountFen: fen(650_000_000n) }],
      ['OTHER_HOME', { homeNo: `${home.homeNo}-2` }],
      ['OTHER_HOLDER', { mortgagee: '江南商业银行（虚构）' }],
      ['CANCELLED', { state: 'CANCELLED' }],
    ] as const) {
      await flawed(flaw)
      expect(await read(), flaw).toMatchObject({ state: 'FOUND', certificate: differs })
    }
    expect(await read()).toMatchObject({ certificate: { amountFen: paper.amountFen, state: 'EFFECTIVE' } })
  })
  it('of another number is no answer', async () => {
    await sandbox.script({ service: 'registry', behaviour: { kind: 'garbage', garbage: 'other-request' } })
    await expect(read()).rejects.toBeInstanceOf(PortFault)
  })
})

describe('guarantee and messages', () => {
  const confirm = (contractNo: string, amount: bigint, institutionId = 'guarantor-1') =>
    confirmGuarantee(config('guarantor'), { ...head(), institutionId, contractNo, borrower: zhang, amountFen: fen(amount) })

  it('the guarantor stands for contracts up to its limit, and repeats its word', async () => {
    expect((await confirm('HT-A', 60_000_000n)).result).toMatchObject({ state: 'COMMITTED', commitmentNo: 'G-HT-A' })
    expect((await confirm('HT-A', 60_000_000n)).result).toMatchObject({ state: 'COMMITTED' })
    expect((await confirm('HT-B', 40_000_001n)).result).toMatchObject({ state: 'DECLINED', reason: 'LIMIT_EXHAUSTED' })
    expect((await confirm('HT-C', 40_000_000n)).result).toMatchObject({ state: 'COMMITTED' })
    expect((await confirm('HT-D', 1n, 'nobody')).result).toMatchObject({ state: 'DECLINED', reason: 'INSTITUTION_UNKNOWN' })
    await expect(confirm('HT-A', 1n)).rejects.toMatchObject({ kind: 'refused', code: 'KEY_REUSED' })
  })
  it('a message is taken once per key; taken is not delivered', async () => {
    const send = (key: string, text = '请补正材料') =>
      sendMessage(config('messages'), { ...head(), key, channel: 'SMS', to: '13800001234', template: 'supplement', text })
    expect((await send('message-1')).result).toMatchObject({ state: 'ACCEPTED' })
    expect((await send('message-1')).result).toMatchObject({ state: 'ACCEPTED' })
    await expect(send('message-1', '别的内容')).rejects.toMatchObject({ kind: 'refused' })
    await sandbox.script({ service: 'messages', match: 'message-2', behaviour: { kind: 'late', queries: 1 } })
    await sandbox.script({ service: 'messages', match: 'message-3', behaviour: { kind: 'returned' } })
    await send('message-2')
    await send('message-3')
    const keys = ['message-3', 'message-1', 'message-2', 'message-4']
    const states = async () =>
      (await deliveryReceipts(config('messages'), { ...head(), keys })).result.receipts.map((receipt) => receipt.state)
    expect(await states()).toEqual(['UNDELIVERABLE', 'DELIVERED', 'PENDING', 'NOT_FOUND'])
    expect(await states()).toEqual(['UNDELIVERABLE', 'DELIVERED', 'DELIVERED', 'NOT_FOUND'])
  })
})

describe('when a house misbehaves, the port says so and never answers "nothing found"', () => {
  const ask = (timeoutMs?: number) => homesOfFamily(config('registry', timeoutMs), { ...head(), place: '410700', persons: [zhang] })
  const garbage = (kind: GarbageKind): Behaviour => ({ kind: 'garbage', garbage: kind })
  const troubles: [name: string, behaviour: Behaviour, kind: string][] = [
    ['is down', { kind: 'down', how: '503' }, 'unreachable'],
    ['cuts the line before doing anything', { kind: 'down', how: 'cut' }, 'unreachable'],
    ['cuts the line before the answer', { kind: 'answer-lost', notices: 0 }, 'unreachable'],
    ['hangs', { kind: 'hang' }, 'timeout'],
    ['is slower than the deadline', { kind: 'slow', delayMs: 1_500 }, 'timeout'],
    ['sends a web page', garbage('html'), 'garbled'],
    ['sends 100 MB', garbage('huge'), 'garbled'],
    ['breaks off in the middle', garbage('truncated'), 'unreachable'],
    ['does not sign', garbage('unsigned'), 'garbled'],
    ['sends half a JSON', garbage('not-json'), 'garbled'],
    ['sends another character set', garbage('other-charset'), 'garbled'],
    ['says 200 to an error', garbage('error-200'), 'garbled'],
    ['speaks of another person', garbage('other-id'), 'mismatch'],
    ['answers another question', garbage('other-request'), 'mismatch'],
  ]
  it.each(troubles)('%s', async (_, behaviour, kind) => {
    await sandbox.script({ service: 'registry', behaviour })
    const fault = await ask(behaviour.kind === 'hang' || behaviour.kind === 'slow' ? 500 : undefined).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(PortFault)
    expect(fault).toMatchObject({ kind, counterpart: 'registry', path: '/homes' })
    expect(String(fault), 'nothing personal in error texts').not.toMatch(/张|4107/)
    expect((await ask()).result.homes, 'and is well again after one use of the script').toHaveLength(1)
  })

  it('a slow house within the deadline is merely slow', async () => {
    await sandbox.script({ service: 'registry', operation: '/homes', behaviour: { kind: 'slow', delayMs: 100 } })
    expect((await ask()).result.homes).toHaveLength(1)
  })
  it('a script concerns its match and its operation only', async () => {
    await sandbox.script({ service: 'registry', match: li.idNumber, behaviour: { kind: 'down' } })
    await sandbox.script({ service: 'registry', operation: '/filings', behaviour: { kind: 'down' } })
    expect((await ask()).result.homes).toHaveLength(1)
  })
  it('a script that nothing could ever follow is refused', async () => {
    await expect(sandbox.script({ service: 'credit', behaviour: { kind: 'late' } })).rejects.toThrow('422')
  })
  it('nobody listens at the address', async () => {
    await expect(
      homesOfFamily({ ...config('registry'), baseUrl: 'http://127.0.0.1:9' }, { ...head(), place: '410700', persons: [zhang] }),
    ).rejects.toMatchObject({ kind: 'unreachable' })
  })
  it('another key than ours is refused, and another key than theirs is not believed', async () => {
    const question = { ...head(), place: '410700', persons: [zhang] }
    const foreign = config('civil')
    await expect(
      homesOfFamily({ ...config('registry'), key: { keyId: 'court', privateKey: foreign.key.privateKey } }, question),
    ).rejects.toMatchObject({ kind: 'refused', code: 'SIGNATURE' })
    await expect(homesOfFamily({ ...config('registry'), peerKey: foreign.peerKey }, question)).rejects.toMatchObject({ kind: 'garbled' })
  })
  it('a redirect is not followed', async () => {
    let followed = 0
    const trap = createServer((request, response) => {
      if (request.url === '/trap') followed += 1
      response.writeHead(307, { location: '/trap' }).end()
    })
    await new Promise<void>((resolve) => void trap.listen(0, '127.0.0.1', resolve))
    const { port } = trap.address() as AddressInfo
    await expect(
      homesOfFamily({ ...config('registry'), baseUrl: `http://127.0.0.1:${port}` }, { ...head(), place: '410700', persons: [zhang] }),
    ).rejects.toMatchObject({ kind: 'garbled' })
    expect(followed).toBe(0)
    trap.close()
  })
})
