/** After so long without a hand on keyboard or mouse nobody counts as sitting here. */
const STILL_MILLISECONDS = 60_000

let touchedAt = performance.now()
const touched = (): void => void (touchedAt = performance.now())
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const)
  globalThis.addEventListener?.(kind, touched, { capture: true, passive: true })

/**
 * Whether somebody sits here. A screen goes on asking by itself what has changed; that must not keep the session of one who has left from ending
 * after its half hour.
 */
export const isAttended = (): boolean => performance.now() - touchedAt < STILL_MILLISECONDS
