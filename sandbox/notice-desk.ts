import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { signReply, verifyRequest } from '#activities/ports/http-signature.ts'
import { readPrivateKey, readPublicKeys } from '#activities/ports/keys.ts'
import { accountNotice, accountNoticePath, type AccountNotice } from '#contracts/machine/bank.ts'
import { nowSeconds } from './clock.ts'
import type { MachineKeys } from './spawned.ts'

/**
 * The receiving end of the bank's notices, for tests of the sandbox without the API: verifies, keeps and signs for them; or refuses,
 * or forgets to sign, as often as it is told.
 */
export interface NoticeDesk {
  readonly origin: string
  readonly received: AccountNotice[]
  /** So many of the next notices are answered 503. */
  refuse: number
  /** So many of the next notices are kept but not signed for. */
  unsigned: number
  /** Waits until at least `count` notices of a serial are here. @throws Error after ten seconds */
  noticesOf(serial: string, count: number): Promise<AccountNotice[]>
  close(): void
}

/** Opens a desk on a free port. */
export async function openNoticeDesk(keys: MachineKeys): Promise<NoticeDesk> {
  const received: AccountNotice[] = []
  const server = createServer((request, response) => void receive(desk, keys, used, request, response))
  const used = new Set<string>()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const desk: NoticeDesk = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    refuse: 0,
    unsigned: 0,
    noticesOf: async (serial, count) => {
      for (let tries = 0; tries < 200; tries += 1) {
        const here = received.filter((notice) => notice.payment.serial === serial)
        if (here.length >= count) return here
        await sleep(50)
      }
      throw new Error(`no ${count} notices of ${serial}`)
    },
    close: () => void server.close(),
  }
  return desk
}

async function receive(desk: NoticeDesk, keys: MachineKeys, used: Set<string>, request: IncomingMessage, response: ServerResponse) {
  const body = await buffer(request)
  const address = { method: request.method ?? '', authority: new URL(desk.origin).host, path: request.url ?? '', query: '', body }
  const verified = await verifyRequest(address, (name) => [request.headers[name]].flat()[0], {
    publicKeyOf: (id) => (id === 'bank' ? readPublicKeys(keys.counterparts.publicKeys).bank : undefined),
    nowSeconds: nowSeconds(),
    claimNonce: (_, nonce) => Promise.resolve(!used.has(nonce) && Boolean(used.add(nonce))),
  })
  if (!verified.valid || request.url !== accountNoticePath) return response.writeHead(401).end()
  if (desk.refuse > 0) {
    desk.refuse -= 1
    return response.writeHead(503).end()
  }
  desk.received.push(accountNotice.parse(JSON.parse(body.toString('utf8'))))
  if (desk.unsigned > 0) {
    desk.unsigned -= 1
    return response.writeHead(200).end('{}')
  }
  const reply = Buffer.from('{"received":true}')
  const key = { keyId: 'anju', privateKey: readPrivateKey(keys.centre) }
  return response.writeHead(200, signReply(200, reply, verified.signature, key, nowSeconds())).end(reply)
}
