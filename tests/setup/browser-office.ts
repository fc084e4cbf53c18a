import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, vi } from 'vitest'
import type { IncidentKind } from '#contracts/incidents.ts'
import type { CityOptions } from '#db/seed/city.ts'
import { turnTo } from './browser-acts.ts'
import { closeDesks, newDesk } from './browser.ts'
import { expectOrder } from './order.ts'
import { startHouse, type House } from './house.ts'

/** The house with its console, and officers who each sit at a desk of their own: one browser, one profile for each. */
export interface Office {
  readonly house: House
  /**
   * Somebody who is signed in, at their workbench or another address: at the desk they have already, or at a second one. The log-in page itself
   * is the matter of journeys of its own.
   */
  sit(staffNumber: string, address?: string, at?: 'second desk'): Promise<Page>
  /** An empty desk: nobody has signed in. */
  desk(): Promise<Page>
  /** How often the page has been loaded anew since it was opened. */
  loads(page: Page): number
  /** Waits for what has gone wrong to be on record: no event tells of it, and a page that stands open asks again in its own time. */
  incident(kind: IncidentKind): Promise<void>
  /** What must hold at the end of every journey: no fault in any browser, and every invariant of the record. */
  expectOrder(): Promise<void>
}

interface Desk {
  readonly name: string
  readonly context: BrowserContext
  readonly page: Page
  loads: number
}

/** Call once at the top of a file. When a test fails, every desk is photographed. */
export function openOffice(city: CityOptions = { openCases: 18 }): Office {
  let house: House | undefined
  const desks: Desk[] = []
  const faults: string[] = []
  beforeAll(async () => {
    house = await startHouse({ city, consoleFolder: inject('consoleFolder') })
  }, 120_000)
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await photograph(desks, task.name)
  })
  afterAll(async () => {
    await closeDesks().finally(() => house?.end())
  }, 60_000)

  const open = (): House => house ?? stop('the office opens in beforeAll')
  const desk = async (name = 'nobody'): Promise<Page> => {
    const context = await newDesk(open().origin)
    const page = await context.newPage()
    const seat: Desk = { name, context, page, loads: 0 }
    page.on('load', () => void (seat.loads += 1))
    desks.push(seat)
    listenForFaults(context, open().origin, name, faults)
    return page
  }
  return {
    get house() {
      return open()
    },
    desk,
    async sit(staffNumber, address = '/', at) {
      const taken = at ? undefined : desks.find(({ name, page }) => name === staffNumber && !page.isClosed())
      return taken ? back(taken.page, address) : arrive(await desk(staffNumber), staffNumber, address)
    },
    loads: (page) => desks.find((one) => one.page === page)?.loads ?? 0,
    incident: (kind) => incidentIn(open(), kind),
    expectOrder: () => expectOrderWithout(faults, open()),
  }
}

/** Through the log-in page of a demo city: one click fills in number, password and code. */
export async function signIn(page: Page, staffNumber: string): Promise<Page> {
  if (!page.url().endsWith('/login')) await page.goto('/login')
  await page.getByRole('button', { name: staffNumber }).click()
  // Cannot be pressed before it is filled in.
  await page.getByRole('button', { name: '登录', exact: true }).click()
  return atWork(page)
}

/** With what that page would ask for, from the smallest address of the house: the browser takes the cookie, and loads the console once. */
async function arrive(page: Page, staffNumber: string, address: string): Promise<Page> {
  await page.goto('/healthz')
  const status = await page.evaluate(async (number) => {
    const post = (path: string, body: unknown) =>
      fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Anju': '1' }, body: JSON.stringify(body) })
    const given = (await (await post('/api/demo/one-time-code', { staffNumber: number })).json()) as {
      password: string
      oneTimeCode: string | null
    }
    const { password, oneTimeCode } = given
    return (await post('/api/session', { staffNumber: number, password, ...(oneTimeCode === null ? {} : { oneTimeCode }) })).status
  }, staffNumber)
  expect(status, `${staffNumber} is let in`).toBe(200)
  await page.goto(address)
  return atWork(page)
}

/** At their desk, where another page may be open, or this one, as it was some time ago. */
async function back(page: Page, address: string): Promise<Page> {
  if (new URL(address, page.url()).pathname === new URL(page.url()).pathname) await page.goto(address)
  else await turnTo(page, address)
  return atWork(page)
}

async function atWork(page: Page): Promise<Page> {
  await page.getByRole('button', { name: '案号、姓名、证件号后四位' }).waitFor()
  // Lists keep still under a pointer, so the pointer goes where no list is.
  await page.mouse.move(700, 5)
  return page
}

/** What no officer should ever cause: a script that breaks, a policy of the browser that is broken, a 5xx, a call to another host. */
function listenForFaults(context: BrowserContext, origin: string, name: string, faults: string[]): void {
  context.on('weberror', (error) => void faults.push(`${name}: ${error.error().stack ?? error.error().message}`))
  context.on('console', (message) => {
    // The browser notes every 4xx by itself; those are answers.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(`${name}: ${message.text()}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${name}: ${response.status()} ${response.request().method()} ${response.url()}`)
  })
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`) && !/^(data|blob):/.test(request.url())) faults.push(`${name}: asked ${request.url()}`)
  })
}

async function incidentIn({ owner }: House, kind: IncidentKind): Promise<void> {
  const query = owner.selectFrom('incident').select('incident_id').where('kind', '=', kind).where('state', '=', 'OPEN')
  await vi.waitFor(async () => expect(await query.execute(), kind).not.toEqual([]), { timeout: 30_000, interval: 100 })
}

async function expectOrderWithout(faults: readonly string[], house: House): Promise<void> {
  expect(faults).toEqual([])
  await expectOrder(house)
}

async function photograph(desks: readonly Desk[], test: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anju-journey-'))
  for (const [index, { name, page }] of desks.entries()) {
    const path = join(folder, `${index + 1}-${name}.png`)
    await page.screenshot({ path }).catch((error: unknown) => console.error(`${name}: ${String(error)}`))
  }
  console.error(`${test}: ${folder}`)
}

function stop(why: string): never {
  throw new Error(why)
}
