import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Request } from 'express'
import type { ApiParts } from '#api/parts.ts'
import { readSession } from '#api/session.ts'
import { loadConfig } from '#config.ts'
import { connect } from '#db/connect.ts'

/**
 * The contender of the HTTP shell: `node:http`, the same session and the same SQL by the same functions, and nothing around them. No routes,
 * no headers, no log, no check of what goes out.
 */
const config = loadConfig(process.env, 'api')
const desk = connect(config.DATABASE_URL_DESK, { name: 'bare-http', max: 12 })
const parts = { desk, session: { idleMinutes: config.SESSION_IDLE_MINUTES, absoluteHours: config.SESSION_ABSOLUTE_HOURS } } satisfies Partial<ApiParts>

const answer = async (req: IncomingMessage): Promise<unknown> => {
  if (req.url === '/healthz') return { ok: true }
  const me = await readSession(parts as ApiParts, req as Request)
  if (!me) return { code: 'NOT_SIGNED_IN' }
  const orgs = await desk.selectFrom('org').select(['org_id', 'name']).execute()
  const nameOf = (orgId: string): string => orgs.find((org) => org.org_id === orgId)?.name ?? orgId
  const { staffId, staffNumber, name, orgId, orgName, reportingEntity, businessDate } = me
  const posts = me.posts.map((held) => ({ post: held.post, orgId: held.orgId, orgName: nameOf(held.orgId), delegatedBy: null, onBehalfOf: null }))
  return { staffId, staffNumber, name, orgId, orgName, reportingEntity, posts, businessDate, demo: true }
}

const server = createServer((req, res) => {
  answer(req).then(
    (body) => res.setHeader('Content-Type', 'application/json').end(JSON.stringify(body)),
    () => res.writeHead(500).end(),
  )
})
server.listen(config.API_PORT, '127.0.0.1', () => console.log(`ready ${JSON.stringify({ port: (server.address() as AddressInfo).port })}`))
process.on('SIGTERM', () => process.exit(0))
