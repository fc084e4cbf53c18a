import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

/** What the stream says about a case: that it moved, never what it holds. */
export interface CaseEvent {
  readonly caseId: string
  readonly kind: string
  readonly stageVersion: number
}

const listeners = new Set<(event: CaseEvent) => void>()
const CHANNEL = 'anju-events'

/**
 * One stream for all tabs of the browser: a connection per tab would soon use up the six that HTTP/1.1 allows per host. Whoever holds the
 * lock listens and passes on; without locks (plain http on a host name) each tab listens for itself.
 */
function startEvents(): () => void {
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(CHANNEL) : undefined
  const over = new AbortController()
  const tell = (event: CaseEvent): void => listeners.forEach((listener) => listener(event))
  const lead = (): EventSource => {
    const source = new EventSource('/api/events')
    source.addEventListener('case', ({ data }: MessageEvent<string>) => {
      const event = parseEvent(data)
      if (!event) return
      tell(event)
      channel?.postMessage(event)
    })
    return source
  }
  if (channel) channel.onmessage = ({ data }: MessageEvent<CaseEvent>) => tell(data)
  if (channel && 'locks' in navigator) {
    const held = (): Promise<void> =>
      new Promise((resolve) => {
        const source = lead()
        over.signal.addEventListener('abort', () => {
          source.close()
          resolve()
        })
      })
    // Aborting a request for a lock rejects it: that is how a tab leaves the queue.
    navigator.locks.request(CHANNEL, { signal: over.signal }, held).catch(() => undefined)
  } else {
    const source = lead()
    over.signal.addEventListener('abort', () => source.close())
  }
  return () => {
    over.abort()
    channel?.close()
  }
}

export function useCaseEvents(listener: (event: CaseEvent) => void): void {
  useEffect(() => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [listener])
}

/** Keeps the counts in menu and workbench, and an open case, in step with the house. */
export function useLiveQueries(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const stop = startEvents()
    const listener = ({ caseId }: CaseEvent): void => {
      void queries.invalidateQueries({ queryKey: ['counts'] })
      void queries.invalidateQueries({ queryKey: ['desk'] })
      void queries.invalidateQueries({ queryKey: ['case', caseId] })
    }
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      stop()
    }
  }, [queries])
}

function parseEvent(data: string): CaseEvent | undefined {
  try {
    const event = JSON.parse(data) as Partial<CaseEvent>
    return typeof event.caseId === 'string'
      ? { caseId: event.caseId, kind: event.kind ?? '', stageVersion: event.stageVersion ?? 0 }
      : undefined
  } catch {
    return undefined
  }
}
