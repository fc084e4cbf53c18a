import { bootstrap } from './launcher/bootstrap.mjs'

await bootstrap(import.meta.url)
await import('./anju.ts')
