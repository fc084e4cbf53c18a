import type { Reader } from '../connect.ts'
import * as pages from './case-page.ts'

/**
 * What the page of every case is made of, asked in one breath. What is not for the eyes of this reader comes empty; of a case that they may
 * not see at all, `kase` is undefined.
 */
export async function readCaseRecord(db: Reader, caseId: string) {
  return answersOf({
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
    postings: pages.readPostings(db, caseId),
  })
}

export type CaseRecord = Awaited<ReturnType<typeof readCaseRecord>>

/** The answers to questions that are on their way, under the same names. */
async function answersOf<T extends Readonly<Record<string, Promise<unknown>>>>(asked: T): Promise<{ [K in keyof T]: Awaited<T[K]> }> {
  const named = Object.entries(asked).map(async ([name, answer]) => [name, await answer] as const)
  return Object.fromEntries(await Promise.all(named)) as { [K in keyof T]: Awaited<T[K]> }
}
