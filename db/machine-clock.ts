/** The machine clock: sessions, one-time codes, signatures, timers, when a page was read. It never rules a case, a deadline or a rate. */
export interface MachineClock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** ISO text in UTC. */
  instant(): string
}

/** The only place that asks the machine for the time. */
export const machineClock: MachineClock = {
  nowMs: () => Date.now(),
  instant: () => new Date().toISOString(),
}
