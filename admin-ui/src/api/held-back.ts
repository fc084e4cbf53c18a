interface HeldBack {
  readonly ask: () => void
  /** What has been asked for and not been done is not done any more. */
  readonly stop: () => void
}

/** Does something some time after it was asked for, once for all who ask until then; and as long as it would disturb, not yet. */
export function heldBack(act: () => void, disturbs: () => boolean, ms: number): HeldBack {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    timer = disturbs() ? setTimeout(look, ms) : undefined
    if (timer === undefined) act()
  }
  return {
    ask: () => void (timer ??= setTimeout(look, ms)),
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
