/** What can be written in or chosen from; the hidden twins that the library keeps behind its own fields cannot. */
const FIELDS = [
  'input:not([type="hidden"]):not([type="checkbox"]):not([aria-hidden="true"]):not(:disabled)',
  'textarea:not([aria-hidden="true"]):not(:disabled)',
  'div[role="combobox"]',
].join(', ')

const fieldsIn = (form: HTMLElement): HTMLElement[] => [...form.querySelectorAll<HTMLElement>(FIELDS)]

/** For the ref of a form: writing can begin as soon as it opens. A field that asked for the focus itself keeps it. */
export function focusFirst(form: HTMLElement | null): void {
  if (form && !form.contains(document.activeElement)) fieldsIn(form)[0]?.focus()
}

/** Where writing goes on in a form that is filled in part: the first field that is empty, else the last. */
export function focusFirstEmpty(form: HTMLElement | null): void {
  const fields = form ? fieldsIn(form) : []
  const place = fields.find(isEmpty) ?? fields.at(-1)
  place?.focus()
}

function isEmpty(field: HTMLElement): boolean {
  if (field instanceof HTMLInputElement && field.type === 'radio')
    return field.closest('[role="radiogroup"]')?.querySelector(':checked') === null
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) return field.value === ''
  // A choice that has not been made shows a space without width.
  return field.textContent.replace('\u200b', '').trim() === ''
}
