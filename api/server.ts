import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { caseHandlers } from './cases.ts'
import { mountDocs } from './docs-page.ts'
import { mountEvents } from './events.ts'
import { mountFiles } from './files.ts'
import { mountHealth } from './health.ts'
import { houseHandlers } from './house.ts'
import { incidentHandlers } from './incidents.ts'
import { guardJson } from './json-guard.ts'
import { applicationHandlers } from './loan-applications.ts'
import { loanHandlers } from './loans.ts'
import { mountMachine } from './machine.ts'
import { mountApi } from './mount.ts'
import type { ApiParts } from './parts.ts'
import { problemHandler, refuse } from './problems.ts'
import { sessionHandlers } from './session-routes.ts'
import { staffChangeHandlers } from './staff-change.ts'

const BODY_MAX = '512kb'

/** The whole HTTP side of the house. @returns the server, not yet listening, and how to end it without cutting anybody off */
export function createApi(parts: ApiParts): { server: Server; close: () => Promise<void> } {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.set('trust proxy', parts.proxyHops)
  app.use((req, res, next) => {
    res.setHeader('X-Request-Id', randomUUID())
    const began = parts.clock.nowMs()
    res.on('finish', () =>
      parts.log.info({
        requestId: res.getHeader('X-Request-Id'),
        method: req.method,
        status: res.statusCode,
        route: routeOf(req.route, req.path),
        ms: parts.clock.nowMs() - began,
      }),
    )
    next()
  })
  app.use(securityHeaders(parts))
  mountHealth(app, parts)
  mountMachine(app, parts)
  app.use(
    '/api',
    refuseNul,
    express.json({
      limit: BODY_MAX,
      strict: true,
      type: 'application/json',
      verify: (_req, _res, bytes, encoding) => guardJson(bytes, encoding),
    }),
  )
  mountApi(app, parts, {
    ...sessionHandlers,
    ...caseHandlers,
    ...houseHandlers,
    ...incidentHandlers,
    ...staffChangeHandlers,
    ...loanHandlers,
    ...applicationHandlers,
  })
  mountFiles(app, parts)
  const endEvents = mountEvents(app, parts)
  mountDocs(app)
  app.use('/api', (_req, _res, next) => next(refuse('NOT_FOUND')))
  mountConsole(app, parts.consoleFolder)
  app.use((_req, _res, next) => next(refuse('NOT_FOUND')))
  app.use(problemHandler(parts.log))

  const server = createServer({ requestTimeout: 60_000, headersTimeout: 15_000, keepAliveTimeout: 10_000 }, app)
  const close = async (): Promise<void> => {
    const ended = endEvents()
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
    })
    await ended
  }
  return { server, close }
}

/** No column holds a NUL and no address of ours has one. */
const refuseNul: RequestHandler = (req, _res, next) => next(/%00/.test(req.originalUrl) ? refuse('BAD_REQUEST') : undefined)

/** What the log calls a request: its route, never its address, which may name a case. */
const routeOf = (route: unknown, path: string): string =>
  typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string'
    ? route.path
    : path.startsWith('/api')
      ? '/api/?'
      : '/?'

const securityHeaders = (parts: ApiParts) =>
  helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        // Emotion writes its styles into the page; scripts never.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        frameSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        frameAncestors: ["'self'"],
        upgradeInsecureRequests: parts.production ? [] : null,
      },
    },
    strictTransportSecurity: parts.production,
    crossOriginEmbedderPolicy: false,
  })

/** The built console: hashed files for long, the page itself never from a cache. Every address that is not a file is the page, so that F5 works. */
function mountConsole(app: Express, folder: string | undefined): void {
  if (!folder || !existsSync(join(folder, 'index.html'))) return
  app.use(
    express.static(folder, {
      index: false,
      maxAge: '1y',
      immutable: true,
      setHeaders: (res, path) => void (path.endsWith('.html') && res.setHeader('Cache-Control', 'no-store')),
    }),
  )
  app.get(/^\/(?!api\/|machine\/).*/, (_req, res) => {
    res.setHeader('Cache-Control', 'no-store')
    res.sendFile(join(folder, 'index.html'))
  })
}
