import { expect, test } from 'vitest'
import { STAGE_TABLES } from '../case-text.ts'
import { actText } from './act-text.ts'

/** The programs that write into a case's chain, as they are written. */
const SOURCES = import.meta.glob<string>(['/{activities,api,db}/**/*.ts', '!**/*.{test,fixture}.ts'], {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** What stands in the place of `${…}`, by what it follows. Decisions are called by the stage table, and refusals likewise. */
const FILLINGS: Readonly<Record<string, readonly string[]>> = {
  'note/': ['NOTE', 'URGE', 'RISK'],
  'document/': ['VERIFIED', 'MISSING', 'MISMATCH'],
  'deadline/': ['STAGE_OVERDUE', 'DECISION_SOON', 'DECISION_OVERDUE', 'ANSWER_DUE', 'APPROVAL_EXPIRED'],
  'decide/': ['recall'],
  'refused/': ['recall'],
}

/** Where an act is named: in a call of `auditCase` behind the actor, in one of the API's own `audit`, or as a fact that another function writes. */
const CALLS = [
  /\bauditCase\(\s*[\w.]+,\s*\w+,\s*[^,]+,\s*(['`])(.+?)\1/g,
  /\baudit\([^,]+,\s*\w+,\s*(['`])(.+?)\1/g,
  /\bact: (['`])([a-z].+?)\1/g,
]
const MACHINE = /\bbyMachine\(\s*'([\w-]+)'/g

/** Written in the chain of a person or of the house, which no page shows. */
const ELSEWHERE = ['change-password', 'enrol-one-time-code', 'found', 'clock/advance']

const written = Object.values(SOURCES).flatMap((text) => [
  ...CALLS.flatMap((call) => [...text.matchAll(call)]).map(([, , act = '']) => act),
  ...[...text.matchAll(MACHINE)].map(([, action = '']) => `decide/${action}`),
])

const acts = [
  ...new Set(
    written.flatMap((act) => {
      const [verb = ''] = act.split('${')
      return verb === act ? [act] : (FILLINGS[verb] ?? [`${verb}?`]).map((what) => verb + what)
    }),
  ),
].filter((act) => !ELSEWHERE.includes(act))

test('写入案件留痕链的每一种行为都有中文', () => {
  // What the search must have found, or it finds nothing.
  expect(acts).toEqual(
    expect.arrayContaining(['finding/denied', 'decide/dispute', 'decide/settle', 'note/RISK', 'amend', 'open/loan', 'read/case']),
  )
  expect(acts.filter((act) => !isChinese(actText({ act, body: '{}' }, 'loan')))).toEqual([])
})

test.each(Object.entries(STAGE_TABLES))('%s 的每一个动作，办成的、未准的，都有中文', (kind, table) => {
  const tried = Object.entries(table).flatMap(([stage, { actions }]) => Object.keys(actions).map((action) => ({ stage, action })))
  const texts = tried.flatMap(({ stage, action }) =>
    ['decide', 'refused'].map((verb) => actText({ act: `${verb}/${action}`, body: JSON.stringify({ from: stage }) }, kind as 'loan')),
  )
  expect(texts.filter((text) => !isChinese(text) || text.includes('不在环节表中'))).toEqual([])
})

test.each([
  ['同名的动作，按其环节称呼', 'decide/pass', '{"from":"REVIEW"}', '办理：复审通过'],
  ['未准的动作，按尝试时的环节称呼', 'refused/return', '{"stage":"REVIEW"}', '办理未准：退回'],
  ['没有这个动作而被拒绝的，不显示所用的字', 'refused/foo', '{"stage":"REVIEW"}', '办理未准：不在环节表中的动作'],
  ['不认识的行为，请看原文', 'foo/bar', '{}', '其他行为（见原文）'],
])('%s', (_sentence, act, body, text) => expect(actText({ act, body }, 'loan')).toBe(text))

/** Of what is unknown it is said that it is; that is no word for it. */
const isChinese = (text: string): boolean => !/[A-Za-z]/.test(text) && !text.includes('见原文')
