import { expect, test } from 'vitest'
import { stageOfAct } from './stage-of-act.ts'

test.each([
  [
    'a decision leads from its stage, whatever else it says',
    '{"decided":{"toStage":"REVIEW"},"from":"PRELIM_REVIEW","stage":"REVIEW"}',
    'PRELIM_REVIEW',
  ],
  ['a refusal was tried in its stage', '{"code":"FOUR_EYES","detail":"\\"from\\":\\"REVIEW\\"","stage":"APPROVAL"}', 'APPROVAL'],
  ['a look is done in none', '{"material":"IDENTITY"}', undefined],
])('%s', (_sentence, body, stage) => expect(stageOfAct(body)).toBe(stage))
