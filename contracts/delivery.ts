/** How a paper reaches a person (送达方式). Electronic delivery rests on the gateway's receipt, every other on what the clerk has seen. */
export const DELIVERY_METHODS = ['直接送达', '电子送达', '邮寄送达', '公告送达'] as const
export const BY_MESSAGE: (typeof DELIVERY_METHODS)[number] = '电子送达'
