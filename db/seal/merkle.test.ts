import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { merkleTree } from './merkle.ts'

/** Leaves and roots that every implementation of Certificate Transparency is checked with. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const rootOf = (leaves: readonly Uint8Array[]): string => {
  const tree = merkleTree()
  for (const leaf of leaves) tree.add(leaf)
  return tree.root().toString('hex')
}

/** The definition, word for word: split at the largest power of two below the count. */
function byDefinition(leaves: readonly Uint8Array[]): Buffer {
  const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  const [only] = leaves
  if (!only) return sha()
  if (leaves.length === 1) return sha(Buffer.of(0), only)
  let half = 1
  while (half * 2 < leaves.length) half *= 2
  return sha(Buffer.of(1), byDefinition(leaves.slice(0, half)), byDefinition(leaves.slice(half)))
}

describe('the tree is that of RFC 6962', () => {
  test.each(ROOTS.map((root, count) => ({ root, count })))('$count leaves', ({ root, count }) => {
    expect(rootOf(LEAVES.slice(0, count).map((hex) => Buffer.from(hex, 'hex')))).toBe(root)
  })

  test('grown leaf by leaf it is the tree of the definition, for any leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 70 }), (leaves) => {
        expect(rootOf(leaves)).toBe(byDefinition(leaves).toString('hex'))
      }),
    )
  })

  test('asking for the root in between changes nothing', () => {
    const tree = merkleTree()
    for (const hex of LEAVES) {
      tree.add(Buffer.from(hex, 'hex'))
      expect(tree.root().toString('hex')).toBe(ROOTS[tree.size()])
    }
  })

  test('no leaf passes for the node above two others', () => {
    const [left, right] = [Buffer.from('a'), Buffer.from('b')]
    const node = Buffer.concat(
      [left, right].map((leaf) =>
        createHash('sha256')
          .update(Buffer.concat([Buffer.of(0), leaf]))
          .digest(),
      ),
    )
    expect(rootOf([node])).not.toBe(rootOf([left, right]))
  })
})
