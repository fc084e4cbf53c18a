import type { CDPSession, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Every event of a pointer dies before any page hears of it; a click that a key has caused has no pointer behind it and lives. */
const NO_MOUSE = `
  for (const type of ['pointerdown', 'pointerup', 'pointermove', 'mousedown', 'mouseup', 'mousemove', 'mouseover', 'click', 'dblclick', 'wheel'])
    window.addEventListener(type, (event) => {
      if (type === 'click' && event.detail === 0) return
      event.stopImmediatePropagation()
      event.preventDefault()
    }, { capture: true, passive: false })`

/** Remembers how each Enter arrived, so that a test can show that the composition it plays is one. */
const NOTE_ENTER = `
  window.enters = []
  window.addEventListener('keydown', (event) => { if (event.key === 'Enter') window.enters.push(event.isComposing) }, { capture: true })`

/** A keyboard with a Chinese input method, and nothing beside it. */
export class Keyboard {
  private readonly page: Page
  private readonly ime: CDPSession

  private constructor(page: Page, ime: CDPSession) {
    this.page = page
    this.ime = ime
  }

  /** Takes the mouse away from the page, for good. Call before the page is first opened. */
  static async only(page: Page): Promise<Keyboard> {
    await page.addInitScript(NO_MOUSE)
    await page.addInitScript(NOTE_ENTER)
    return new Keyboard(page, await page.context().newCDPSession(page))
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text)
  }

  /** Tabs on until the focus is there. @throws Error when it is out of reach */
  async tabTo(target: Locator, key = 'Tab', tabsMax = 80): Promise<void> {
    await target.waitFor()
    for (let tabs = 0; tabs < tabsMax; tabs++) {
      if ((await target.and(this.page.locator(':focus')).count()) > 0) return
      await this.page.keyboard.press(key)
    }
    throw new Error(`${String(target)} cannot be reached with ${key}`)
  }

  /** The text of whatever has the focus. */
  focused(): Promise<string> {
    return this.page.evaluate<string>('document.activeElement.textContent.trim()')
  }

  /** Pinyin as an input method holds it before a candidate is chosen. */
  async compose(pinyin: string): Promise<void> {
    await this.ime.send('Input.imeSetComposition', { text: pinyin, selectionStart: pinyin.length, selectionEnd: pinyin.length })
  }

  /** Enter while composing: it chooses a candidate and means nothing to the page. With Control as well, for what listens to that. */
  async enterInComposition({ control = false } = {}): Promise<void> {
    const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229, modifiers: control ? 2 : 0 }
    await this.ime.send('Input.dispatchKeyEvent', { ...key, type: 'rawKeyDown' })
    await this.ime.send('Input.dispatchKeyEvent', { ...key, type: 'keyUp' })
    expect(await this.page.evaluate('window.enters.at(-1)'), 'the page saw an Enter that belongs to a composition').toBe(true)
  }

  /** The candidate that was chosen; ends the composition. */
  async commit(text: string): Promise<void> {
    await this.ime.send('Input.insertText', { text })
  }
}
