import { createHash } from 'node:crypto'

/** A growing tree. It keeps one hash per level, so a tree of millions of leaves fits in a few lines of memory. */
export interface MerkleTree {
  add(leaf: Uint8Array): void
  size(): number
  /** Root over all leaves so far, 32 bytes. */
  root(): Buffer
}

// A leaf can never pass for a node, nor a node for a leaf (RFC 6962, 2.1).
const LEAF = Buffer.of(0x00)
const NODE = Buffer.of(0x01)

/** The Merkle tree of RFC 6962 over leaves in the order in which they are added. */
export function merkleTree(): MerkleTree {
  // Roots of the complete subtrees from left to right; their widths are the binary digits of `size`.
  const complete: Buffer[] = []
  let size = 0
  return {
    add(leaf) {
      let node = hash(LEAF, leaf)
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = hash(NODE, complete.pop() ?? EMPTY_ROOT, node)
      complete.push(node)
      size += 1
    },
    size: () => size,
    root: () => (size === 0 ? EMPTY_ROOT : complete.reduceRight((right, left) => hash(NODE, left, right))),
  }
}

function hash(...parts: Uint8Array[]): Buffer {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part)
  return digest.digest()
}

/** The tree of nothing: the hash of nothing, without a prefix. */
const EMPTY_ROOT = hash()
