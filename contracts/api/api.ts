import type { EndpointSpec } from '../endpoint.ts'
import { caseApi } from './cases.ts'
import { houseApi } from './house.ts'
import { incidentApi } from './incidents.ts'
import { loanApi } from './loans.ts'
import { sessionApi } from './session.ts'

/**
 * Every endpoint by its name, all below `/api`. Besides these there are four that do not speak JSON and are mounted by hand:
 * `POST /api/cases/:caseId/documents` (a form; a command like the others, `./documents.ts`), `GET /api/documents/:documentId/content`,
 * `GET /api/papers/:paperId` (PDF) and `GET /api/events` (event stream: `data: {"caseId","kind","stageVersion"}`).
 */
export const api = { ...sessionApi, ...caseApi, ...houseApi, ...incidentApi, ...loanApi } satisfies Record<string, EndpointSpec>
export type Api = typeof api
export type EndpointName = keyof Api
