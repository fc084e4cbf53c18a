/** The outside world's own machine clock: signatures and stamps only. What it books is dated by the asker's business date. */
export const nowMs = (): number => Date.now()

/** The sandbox’s own time in whole seconds, as signatures carry it. */
export const nowSeconds = (): number => Math.floor(nowMs() / 1000)

/** The present instant, UTC. */
export const nowText = (): string => new Date(nowMs()).toISOString()
