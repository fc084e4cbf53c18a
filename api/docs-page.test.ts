import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api } from '#contracts/api/api.ts'
import { problem, PROBLEMS, type ProblemCode } from '#contracts/problem.ts'
import { html } from './docs-html.ts'
import { mountDocs } from './docs-page.ts'
import { problemHandler, refuse } from './problems.ts'

let server: Server
let origin = ''

beforeAll(async () => {
  const app = express()
  mountDocs(app)
  app.get('/refused/:code', ({ params }) => {
    throw refuse(params.code as ProblemCode)
  })
  app.use(problemHandler(pino({ level: 'silent' })))
  server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const get = (path: string) => fetch(`${origin}${path}`)

describe('the documentation page', () => {
  test('lists every endpoint', async () => {
    const page = await (await get('/api/docs')).text()
    for (const name of Object.keys(api)) expect(page).toContain(`id="${name}"`)
    expect(page).not.toContain('[object Object]')
    expect(page).not.toContain('undefined')
  })

  test.each(Object.entries(PROBLEMS))(
    'is where the type of %s leads: to one place, with its title and what it means',
    async (code, [, title]) => {
      const { type } = problem.parse(await (await get(`/refused/${code}`)).json())
      const { pathname, hash } = new URL(type, origin)
      const page = await get(pathname)
      expect(page.status).toBe(200)
      const [, place = '', ...others] = (await page.text()).split(`id="${hash.slice(1)}"`)
      expect(others).toEqual([])
      const [entry = ''] = place.split('</details>')
      expect(entry).toContain(title)
      expect(entry).toMatch(/<p>[^<]{10,}<\/p>/)
    },
  )

  test('every link within the page has its target', async () => {
    const page = await (await get('/api/docs')).text()
    for (const [, id = ''] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id}"`)
  })

  test('runs nothing that is written into it, and loads nothing from elsewhere', async () => {
    const answer = await get('/api/docs')
    const page = await answer.text()
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/)
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)|\son\w+=|style=|https?:\/\//)
    for (const [, address = ''] of page.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)) expect((await get(address)).status).toBe(200)
  })

  test('gives programs the document itself', async () => {
    const answer = await get('/api/docs/openapi.json')
    expect(await answer.json()).toMatchObject({ openapi: '3.1.0' })
  })

  test('what is put into markup is escaped, what is markup is not', () => {
    expect(html`<p>${'<b> & "c"'}${html`<i>${"d'"}</i>`}</p>`.text).toBe('<p>&lt;b&gt; &amp; &quot;c&quot;<i>d&#39;</i></p>')
  })
})
