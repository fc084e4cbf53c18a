import { join } from 'node:path'
import express, { type Express } from 'express'
import { DOCS_ADDRESS as ADDRESS } from '#contracts/problem.ts'
import { html, operationsHtml, schemasHtml, type DocumentShown, type Html } from './docs-html.ts'
import { problemsHtml } from './docs-problems.ts'
import { openApiDocument } from './openapi.ts'

/** Everything comes from our own origin, nothing is inline, nobody may frame it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/**
 * The interface for people to read, at `/api/docs`, and for programs, at `/api/docs/openapi.json`. Both are made once from the contract.
 * It needs no session: it says what may be asked, nothing of what is kept. Mount it before the API's own not-found.
 */
export function mountDocs(app: Express): void {
  const document: DocumentShown = JSON.parse(JSON.stringify(openApiDocument()))
  const page = pageOf(document).text
  const assets = express.static(join(import.meta.dirname, '..', 'assets', 'docs'), { index: false, redirect: false })
  app.get(ADDRESS, (_req, res) => void res.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' }).type('html').send(page))
  app.get(`${ADDRESS}/openapi.json`, (_req, res) => void res.set('Cache-Control', 'no-cache').json(document))
  app.use(`${ADDRESS}/assets`, assets)
}

const pageOf = (document: DocumentShown): Html =>
  html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${document.info.title}</title>
        <link rel="icon" href="/mark.svg" />
        <link rel="stylesheet" href="${ADDRESS}/assets/docs.css" />
        <script type="module" src="${ADDRESS}/assets/docs.mjs"></script>
      </head>
      <body>
        <header>
          <h1>${document.info.title}</h1>
          <p>
            由契约生成，与服务器实际校验的内容相同。机器可读：<a href="${ADDRESS}/openapi.json">openapi.json</a>（OpenAPI
            ${document.openapi}）
          </p>
          <label>查找 <input type="search" id="find" placeholder="地址、名称或说明" autocomplete="off" /></label>
        </header>
        <main>
          ${operationsHtml(document)}
          <h2 id="schemas">数据</h2>
          ${schemasHtml(document)}
          <h2 id="problems">约定与错误</h2>
          <pre>${conventionsOf(document)}</pre>
          ${problemsHtml()}
        </main>
      </body>
    </html> `

/** What holds for the whole interface. The codes that follow it in the document are listed on the page itself, each with its meaning. */
const conventionsOf = ({ info }: DocumentShown): string => info.description.split('\n- `')[0] ?? ''
