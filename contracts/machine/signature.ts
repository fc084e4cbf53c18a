/**
 * What a signed message covers (RFC 9421), the same in both directions of every machine client. The components and their order are fixed:
 * a signature that covers less, or more, or in another order is refused before it is checked.
 */
export const requestComponents = ['@method', '@authority', '@path', '@query', 'content-digest'] as const

/** A reply covers its status, its body, and the signature of the very request it answers. */
export const replyComponents = ['@status', 'content-digest', '"signature";req'] as const

/** The one label used in `Signature-Input` and `Signature`. */
export const signatureLabel = 'anju'

/** A message is valid for five minutes at most, whatever its sender writes. */
export const lifetimeSecondsMax = 300

/** How far a partner's clock may run ahead of ours. */
export const clockSkewSeconds = 30
