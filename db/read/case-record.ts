import type { Reader } from '../connect.ts'
import * as pages from './case-page.ts'
import { readFindingsOfCase } from './findings.ts'

/**
 * All that the page of a case is made of, asked in one breath. What is not for the eyes of this reader comes empty; of a case that they may
 * not see at all, `kase` is undefined.
 */
export async function readCaseRecord(db: Reader, caseId: string) {
  const asked = {
    kase: pages.readCaseFile(db, caseId),
    tasks: pages.readTasks(db, caseId),
    decisions: pages.readDecisions(db, caseId),
    spans: pages.readSpans(db, caseId),
    notes: pages.readNotes(db, caseId),
    fired: pages.readFiredDeadlines(db, caseId),
    claims: pages.readClaims(db, caseId),
    copies: pages.readCopies(db, caseId),
    wants: pages.readWants(db, caseId),
    parties: pages.readParties(db, caseId),
    verdicts: pages.readVerdicts(db, caseId),
    sources: pages.readSources(db, caseId),
    documents: pages.readDocuments(db, caseId),
    papers: pages.readPapers(db, caseId),
    payments: pages.readPayments(db, caseId),
    paymentEvents: pages.readPaymentEvents(db, caseId),
    findings: readFindingsOfCase(db, caseId),
    postings: pages.readPostings(db, caseId),
  }
  await Promise.all(Object.values(asked))
  return {
    kase: await asked.kase,
    tasks: await asked.tasks,
    decisions: await asked.decisions,
    spans: await asked.spans,
    notes: await asked.notes,
    fired: await asked.fired,
    claims: await asked.claims,
    copies: await asked.copies,
    wants: await asked.wants,
    parties: await asked.parties,
    verdicts: await asked.verdicts,
    sources: await asked.sources,
    documents: await asked.documents,
    papers: await asked.papers,
    payments: await asked.payments,
    paymentEvents: await asked.paymentEvents,
    findings: await asked.findings,
    postings: await asked.postings,
  }
}

export type CaseRecord = Awaited<ReturnType<typeof readCaseRecord>>
