import type { KeyObject } from 'node:crypto'
import type { Tx } from '../connect.ts'
import { attacker, cut, insertRow, rewrite, rewriteAll, run, setBack } from './tamper.fixture.ts'

interface Found {
  readonly stream?: string
  readonly seq?: string
  readonly sealNo?: string
  readonly what: RegExp
}
export interface Tampered {
  readonly done: string
  readonly by: (tx: Tx, key: KeyObject) => Promise<unknown>
  /** What is named first. */
  readonly found: Found
  /** What it takes to find it. Without that the check says that it agrees, and what it has not looked at. */
  readonly only?: 'heads' | 'key'
  /** Who signs the bundle's seals, where it is not the house. */
  readonly signer?: KeyObject
}

export const altered: Tampered[] = [
  {
    done: 'a word is changed',
    by: run(`update audit_row set body = replace(body, '同意', '退回') where stream = 'a' and seq = 3`),
    found: { stream: 'a', seq: '3', what: /内容与其散列不符/ },
  },
  {
    done: 'another person is named',
    by: run(`update audit_row set actor = 'staff/2' where stream = 'b' and seq = 1`),
    found: { stream: 'b', seq: '1', what: /内容与其散列不符/ },
  },
  {
    done: 'a row is dated back',
    by: run(`update audit_row set at = '2020-01-01T00:00:00.000000Z' where stream = 'a' and seq = 4`),
    found: { stream: 'a', seq: '4', what: /内容与其散列不符/ },
  },
  {
    done: 'a row that is not sealed yet is changed',
    by: run(`update audit_row set act = 'x' where stream = 'a' and seq = 5`),
    found: { stream: 'a', seq: '5', what: /内容与其散列不符/ },
  },
  {
    done: 'a word is changed and the row’s own hash made to fit',
    by: (tx) => rewrite(tx, 'a', '2', { follow: false }),
    found: { stream: 'a', seq: '2', what: /连同散列被改写：第3行/ },
  },
  {
    done: 'the last row of a stream is changed and its hash made to fit',
    by: (tx) => rewrite(tx, 'b', '4', { follow: false }),
    found: { stream: 'b', seq: '4', what: /末行的散列/ },
  },
  {
    done: 'a stream is rewritten from a row on, its end included',
    by: (tx) => rewrite(tx, 'a', '3', { follow: true }),
    found: { sealNo: '2', stream: 'a', seq: '3', what: /有行被改写/ },
  },
  {
    done: 'a row is deleted',
    by: run(`delete from audit_row where stream = 'a' and seq = 2`),
    found: { stream: 'a', seq: '2', what: /第2行不在/ },
  },
  {
    done: 'the first row is deleted',
    by: run(`delete from audit_row where stream = 'b' and seq = 1`),
    found: { stream: 'b', seq: '1', what: /第1行不在/ },
  },
  {
    done: 'a row is deleted and the rest renumbered',
    by: run(
      `delete from audit_row where stream = 'a' and seq = 2`,
      `update audit_row set seq = -seq + 1 where stream = 'a' and seq > 2`,
      `update audit_row set seq = -seq where seq < 0`,
    ),
    found: { stream: 'a', seq: '2', what: /内容与其散列不符/ },
  },
  { done: 'a row is inserted at the end', by: (tx) => insertRow(tx, 'a', '6'), found: { stream: 'a', seq: '6', what: /多出的行/ } },
  {
    done: 'a row is inserted in a stream of its own',
    by: (tx) => insertRow(tx, 'c', '1'),
    found: { stream: 'c', seq: '1', what: /没有登记/ },
  },
  {
    done: 'a row is inserted in the middle and the rest renumbered',
    by: async (tx) => {
      await run(`update audit_row set seq = -seq - 1 where stream = 'b' and seq > 1`, `update audit_row set seq = -seq where seq < 0`)(tx)
      await insertRow(tx, 'b', '2')
    },
    found: { stream: 'b', seq: '2', what: /第2行不在/ },
  },
  {
    done: 'two rows change places',
    by: run(
      `update audit_row set seq = case seq when 2 then -3 else -2 end where stream = 'a' and seq in (2, 3)`,
      `update audit_row set seq = -seq where seq < 0`,
    ),
    found: { stream: 'a', seq: '2', what: /第2行不在/ },
  },
  {
    done: 'two rows change their contents',
    by: run(
      `update audit_row r set (at, actor, act, body, prev_hash, hash) = (select at, actor, act, body, prev_hash, hash from audit_row o
        where o.stream = 'a' and o.seq = 5 - r.seq) where r.stream = 'a' and r.seq in (2, 3)`,
    ),
    found: { stream: 'a', seq: '2', what: /内容与其散列不符/ },
  },
  {
    done: 'the tail of a stream is cut',
    by: run(`delete from audit_row where stream = 'a' and seq > 3`),
    found: { stream: 'a', seq: '4', what: /登记至第5行，实有至第3行/ },
  },
  {
    done: 'the tail of a stream is cut, and its registered end with it',
    by: (tx) => cut(tx, 'a', '3'),
    found: { sealNo: '3', what: /封存2行，实有1行/ },
  },
  {
    done: 'a whole stream is gone',
    by: run(`delete from audit_row where stream = 'b'`, `delete from audit_stream where stream = 'b'`),
    found: { sealNo: '1', what: /封存3行，实有2行/ },
  },
  {
    done: 'rows are moved out of their seal',
    by: run(`update audit_row set sealed_in = null where sealed_in = 2`),
    found: { sealNo: '2', what: /封存2行，实有0行/ },
  },
]

export const seals: Tampered[] = [
  {
    done: 'a seal’s count is changed',
    by: run(`update audit_seal set row_count = 1 where seal_no = 2`),
    found: { sealNo: '2', what: /封签被改/ },
  },
  {
    done: 'a seal is dated back',
    by: run(`update audit_seal set sealed_at = sealed_at - interval '1 day' where seal_no = 1`),
    found: { sealNo: '1', what: /封签被改/ },
  },
  {
    done: 'a seal’s signature is another',
    by: run(`update audit_seal set signature = (select signature from audit_seal where seal_no = 1) where seal_no = 2`),
    found: { sealNo: '2', what: /签名不对/ },
  },
  { done: 'a seal is gone', by: run(`delete from audit_seal where seal_no = 2`), found: { sealNo: '3', what: /第2号封签不在/ } },
  {
    done: 'the last seal is gone and its rows stay',
    by: run(`delete from audit_seal where seal_no = 3`),
    found: { sealNo: '3', what: /第3号封签不在/ },
  },
]

export const rewritten: Tampered[] = [
  {
    done: 'everything is hashed again by somebody without the key',
    by: (tx) => rewriteAll(tx, undefined),
    found: { sealNo: '1', stream: 'a', seq: '1', what: /签名不对/ },
  },
  {
    done: 'everything is hashed again and signed with another key',
    by: (tx) => rewriteAll(tx, attacker),
    signer: attacker,
    only: 'key',
    found: { sealNo: '1', stream: 'a', seq: '1', what: /不认识的密钥/ },
  },
  {
    done: 'everything is hashed again by somebody with the key',
    by: (tx, key) => rewriteAll(tx, key),
    only: 'heads',
    found: { sealNo: '1', stream: 'a', seq: '1', what: /与库外留存的不同/ },
  },
  { done: 'the tail is cut, seals and all', by: (tx) => setBack(tx), only: 'heads', found: { sealNo: '3', what: /库中没有：尾部被截去/ } },
  {
    done: 'every seal is thrown away',
    by: run(`delete from audit_seal`, `update audit_row set sealed_in = null`),
    only: 'heads',
    found: { sealNo: '1', what: /库中没有/ },
  },
]
