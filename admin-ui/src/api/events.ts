import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { heldBack } from './held-back.ts'

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

/** Payments, books and incidents hang on many cases: they are asked for again once for all that moved in the meantime. */
const OF_THE_HOUSE = ['payments', 'balances', 'incidents']
const HOUSE_MS = 1_000
/** No event tells of an incident that belongs to no case, nor of a payment that the bank has merely taken. */
const HOUSE_UNTOLD_MS = 60_000

/** Nothing may change places under a hand that is about to click. */
export const isHandOnRows = (): boolean => document.querySelector('tbody:hover') !== null

/** Keeps the counts in menu and workbench, an open case, and the pages of money and incidents in step with the house. */
export function useLiveQueries(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const stop = startEvents()
    const readAgain = (): void => OF_THE_HOUSE.forEach((page) => void queries.invalidateQueries({ queryKey: [page] }))
    const house = heldBack(readAgain, isHandOnRows, HOUSE_MS)
    // Not while nobody looks.
    const untold = setInterval(() => !document.hidden && house.ask(), HOUSE_UNTOLD_MS)
    const listener = ({ caseId }: CaseEvent): void => {
      void queries.invalidateQueries({ queryKey: ['counts'] })
      void queries.invalidateQueries({ queryKey: ['desk'] })
      void queries.invalidateQueries({ queryKey: ['case', caseId] })
      house.ask()
    }
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      clearInterval(untold)
      house.stop()
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
