import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../bin/sandbox.ts', import.meta.url))
const start = (env: Record<string, string>) => spawnSync(process.execPath, [program], { env, encoding: 'utf8', timeout: 20_000 })

describe('bin/sandbox.ts', () => {
  it('names every missing variable and does not start', () => {
    const { status, stderr } = start({})
    expect(status).toBe(2)
    for (const name of ['SANDBOX_DATABASE_URL', 'SANDBOX_KEYS', 'MACHINE_PUBLIC_KEY']) expect(stderr).toContain(name)
  })
  it('does not exist in production, nor on an address others can reach', () => {
    const { status, stderr } = start({ NODE_ENV: 'production', HOST: '0.0.0.0' })
    expect(status).toBe(2)
    expect(stderr).toContain('生产环境没有沙箱')
    expect(stderr).toContain('须为本机地址')
  })
})
