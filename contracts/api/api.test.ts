import { expect, test } from 'vitest'
import type { EndpointSpec } from '../endpoint.ts'
import { api } from './api.ts'
import { uploadDocument } from './documents.ts'

/** What is sent otherwise than by GET and leaves no receipt, and why sending it twice does no harm. */
const WITHOUT_A_KEY: Readonly<Record<string, string>> = {
  signIn: 'nobody is signed in whose receipt it would be; a second session is the same right',
  replaceInitialPassword: 'between the halves of a log-in, used up by the first; a receipt would be made of a password',
  beginEnrolment: 'between the halves of a log-in; a receipt would be the secret',
  giveSecondFactor: 'between the halves of a log-in, used up by the first',
  departToProvider: 'nobody is signed in; each departure is used up by its own return',
  returnFromProvider: 'nobody is signed in; used up by the first',
  changePassword: 'puts what is said in place of what was; a receipt would be made of a password',
  signOut: 'ends what is ended',
  demoCode: 'tells, and changes nothing',
  writeSetting: 'puts what is said in place of what was',
  writeDraft: 'puts what is said in place of what was, under an id that the console has chosen',
  discardDraft: 'ends what is ended',
  preCheck: 'tells, and changes nothing',
  lookUpContributor: 'tells, and changes nothing',
  search: 'tells; what is searched for may be a name, which stands in no address',
  searchTasks: 'as a search',
  searchCases: 'as a search',
  takeInitialPassword: 'told once and to one person; a receipt would be the password. Whoever missed it has it reset',
}

test('whatever changes something for good is a command under a key, but what can be sent twice without harm', () => {
  const without = Object.entries<EndpointSpec>(api).filter(([, { method, command }]) => method !== 'GET' && !command)
  expect(without.map(([name]) => name).sort()).toEqual(Object.keys(WITHOUT_A_KEY).sort())
})

test('what creates something is a command, the form with a file too', () => {
  const creating = [...Object.values<EndpointSpec>(api), uploadDocument].filter(({ status }) => status === 201)
  expect(creating.length).toBeGreaterThan(5)
  expect(creating.filter(({ command }) => !command)).toEqual([])
})
