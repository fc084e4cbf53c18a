import { mocksAlone } from './alone.ts'
import { codeRules } from './code-rules.ts'
import { declaredPackages } from './dependencies.ts'
import { frozenMigrations } from './frozen.ts'
import { oneWord } from './glossary.ts'
import { importTable } from './import-table.ts'
import { sameNoun } from './kinds.ts'
import type { HouseRule } from './rule.ts'
import { sizeRules } from './size-rules.ts'
import { textRules } from './text-rules.ts'

/** Every house rule. Each has a planted violation in `tests/planted/<id>/`. */
export const rules: readonly HouseRule[] = [
  importTable,
  ...codeRules,
  ...sizeRules,
  ...textRules,
  sameNoun,
  oneWord,
  declaredPackages,
  frozenMigrations,
  mocksAlone,
]
