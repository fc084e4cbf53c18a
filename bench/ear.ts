import type { Browser } from '../tests/setup/http-client.ts'

/** The stream of events of one person, as their console holds one. */
export interface Ear {
  /** Until the stream says that the case has moved; at once when it has said so since this was last asked. */
  moved(caseId: string): Promise<void>
  close(): Promise<void>
}

/** Opens the stream. It tells what happens from a moment after this returns. @throws Error when the house gives none */
export async function openEar(person: Browser): Promise<Ear> {
  const ended = new AbortController()
  const stream = await fetch(`${person.origin}/api/events`, { headers: { Cookie: person.cookieHeader }, signal: ended.signal })
  if (stream.status !== 200 || !stream.body) throw new Error(`events: ${stream.status}`)
  const told = new Set<string>()
  const waiting = new Map<string, () => void>()
  const hear = (caseId: string): void => {
    const wake = waiting.get(caseId)
    if (!wake) return void told.add(caseId)
    waiting.delete(caseId)
    wake()
  }
  const hearing = hearAll(stream.body, hear).catch((error: unknown) => {
    if (!ended.signal.aborted) throw error
  })
  return {
    moved: (caseId) => (told.delete(caseId) ? Promise.resolve() : new Promise((resolve) => waiting.set(caseId, resolve))),
    async close() {
      ended.abort()
      await hearing
    },
  }
}

async function hearAll(body: ReadableStream<Uint8Array>, hear: (caseId: string) => void): Promise<void> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ')) hear((JSON.parse(line.slice('data: '.length)) as { caseId: string }).caseId)
  }
}
