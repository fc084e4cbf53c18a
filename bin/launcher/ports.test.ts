import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from '../../tools/processes.ts'
import { choosePorts } from './ports.ts'

test('a taken port is replaced by the next free one, and that is said', async () => {
  const taken = await freePort(28080)
  const server = createServer().listen(taken, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const said: string[] = []
  const { api } = await choosePorts({ API_PORT: String(taken) }, (line) => said.push(line))
  expect(api).toBeGreaterThan(taken)
  expect(said).toContain(`端口 ${taken} 已被占用，改用 ${api}`)
  await new Promise((resolve) => server.close(resolve))
})

test('no two servers are given the same port, even when one asks for another’s', async () => {
  const ports = await choosePorts({ API_PORT: '8090' }, () => {})
  expect(new Set(Object.values(ports)).size).toBe(5)
})
