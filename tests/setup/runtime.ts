import { DefaultLogger, Runtime } from '@temporalio/worker'

// Installed when this is first imported: the engine's native runtime exists once per process, and test files follow one another in one. It has
// no signal handlers of its own: vitest ends the process.
Runtime.install({
  logger: new DefaultLogger('ERROR', ({ message, meta }) => console.error(message, meta?.['error'])),
  shutdownSignals: [],
})
