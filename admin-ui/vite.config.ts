import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))

const apiOrigin = `http://127.0.0.1:${process.env['API_PORT'] ?? '8080'}`

/** The console: built to `dist/console` and served by the API; in development Vite passes `/api` on to it. */
export const consoleConfig = defineConfig({
  root: here,
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../dist/console', import.meta.url)),
    emptyOutDir: true,
    // The last Chrome for Windows 7; the log-in page names the same floor.
    target: ['chrome109'],
    sourcemap: false,
  },
  // The API takes changes from its own origin only; seen from it, the development server is that origin.
  server: { proxy: { '/api': { target: apiOrigin, headers: { origin: apiOrigin } } } },
})

export { consoleConfig as default }
