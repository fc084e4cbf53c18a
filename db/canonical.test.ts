import { describe, expect, it } from 'vitest'
import { canonicalJson, sha256Hex, snapshotId } from './canonical.ts'

describe('canonicalJson', () => {
  it('sorts keys by code unit at every depth and leaves lists alone', () => {
    expect(canonicalJson({ b: [2, 1], a: { '\u20ac': 1, $: 2 }, A: null })).toBe('{"A":null,"a":{"$":2,"€":1},"b":[2,1]}')
  })
  it('writes money as decimal text', () => expect(canonicalJson({ amountFen: 65000000n })).toBe('{"amountFen":"65000000"}'))
  it('leaves out what is absent', () => expect(canonicalJson({ reason: undefined, a: 1 })).toBe('{"a":1}'))
  it('has nothing to say about undefined', () => expect(() => canonicalJson(undefined)).toThrow())
})

it('sha256Hex is SHA-256 (FIPS 180-2 example)', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

it('a snapshot is named by place, day and content', () => {
  const snapshot = { scope: 'xinxiang', date: '2025-11-03', values: { a: 1n } }
  expect(snapshotId(snapshot)).toBe(`xinxiang@2025-11-03#${sha256Hex(canonicalJson(snapshot)).slice(0, 12)}`)
})
