import type { Payload } from '@temporalio/common'
import { describe, expect, test } from 'vitest'
import { payloadCodec } from './payload-codec.ts'

const key = Buffer.alloc(32, 1)
const of = (workflowId: string) => ({ type: 'workflow', namespace: 'anju', workflowId }) as const
const said: Payload = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"caseId":"沈知远"}') }
const sealed = async (context = of('loan/1')): Promise<Payload> => {
  const [payload] = await payloadCodec(key).encode([said], context)
  if (!payload) throw new Error('nothing was encoded')
  return payload
}

describe('a payload in the engine', () => {
  test('comes back as it was, for the workflow and for its local activities', async () => {
    const activity = { type: 'activity', namespace: 'anju', workflowId: 'loan/1', activityId: '1', isLocal: true } as const
    const [back] = await payloadCodec(key).decode([await sealed()], activity)
    expect(Buffer.from(back?.data ?? []).toString()).toBe('{"caseId":"沈知远"}')
    expect(Buffer.from(back?.metadata?.['encoding'] ?? []).toString()).toBe('json/plain')
  })

  test('says nothing of what it holds, and never looks the same twice', async () => {
    const [one, other] = [await sealed(), await sealed()]
    expect(Buffer.from(one.data ?? []).includes('caseId')).toBe(false)
    expect(Buffer.from(one.data ?? []).equals(Buffer.from(other.data ?? []))).toBe(false)
    expect(Object.keys(one.metadata ?? {})).toEqual(['encoding', 'scheme'])
  })

  test('an empty one keeps being empty, and none is none', async () => {
    const codec = payloadCodec(key)
    const [back] = await codec.decode(await codec.encode([{}], of('loan/1')), of('loan/1'))
    expect(back?.data?.length).toBe(0)
    expect(await codec.encode([], of('loan/1'))).toEqual([])
  })

  const flipped = async (): Promise<Payload> => {
    const payload = await sealed()
    const data = Buffer.from(payload.data ?? [])
    data[data.length - 1] = (data.at(-1) ?? 0) ^ 1
    return { ...payload, data }
  }
  test.each([
    ['under another key', Buffer.alloc(32, 2), 'loan/1', sealed],
    ['as another case’s', key, 'loan/2', sealed],
    ['when a bit was changed', key, 'loan/1', flipped],
    ['when it was never encrypted', key, 'loan/1', async () => said],
    ['when its tag was cut short', key, 'loan/1', async () => ({ ...(await sealed()), data: Buffer.alloc(20) })],
  ])('does not open %s', async (_how, withKey, workflowId, make) => {
    await expect(payloadCodec(withKey).decode([await make()], of(workflowId))).rejects.toThrow()
  })

  test('of no workflow (the report of a failed task) is encrypted too, and opens as no case’s', async () => {
    const codec = payloadCodec(key)
    const report = await codec.encode([said], undefined)
    expect(Buffer.from(report[0]?.data ?? []).includes('caseId')).toBe(false)
    expect(await codec.decode(report, undefined)).toEqual([{ metadata: { encoding: Buffer.from('json/plain') }, data: said.data }])
    await expect(codec.decode(report, of('loan/1'))).rejects.toThrow()
  })
})
