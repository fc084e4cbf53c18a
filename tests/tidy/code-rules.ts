import { child, children, nameOf, type SyntaxNode } from './parse.ts'
import { perFile, type HouseRule } from './rule.ts'
import { inside, isCode, isTest, type TidyFile } from './tree.ts'

const ofKind =
  (...types: string[]) =>
  (file: TidyFile) =>
    file
      .parsed()
      .nodes(...types)
      .map((node) => ({ line: file.parsed().lineAt(node.start), what: node.type }))

const where = (file: TidyFile, what: string, nodes: readonly SyntaxNode[]) =>
  nodes.map((node) => ({ line: file.parsed().lineAt(node.start), what }))

/** `object.property` of a call or a read, as written. */
const memberName = (node: SyntaxNode | undefined): string =>
  `${nameOf(child(node, 'object')) ?? ''}.${nameOf(child(node, 'property')) ?? ''}`

const isConfig = ({ path }: TidyFile): boolean => path.endsWith('.config.ts')

const noDefaultExport: HouseRule = {
  id: 'no-default-export',
  message: 'A default export is renamed by everyone who imports it, and search finds none of them. Export by name.',
  check: perFile(
    (file) => isCode(file) && !isConfig(file),
    (file) => [
      ...ofKind('ExportDefaultDeclaration')(file),
      ...where(
        file,
        'as default',
        file
          .parsed()
          .nodes('ExportSpecifier')
          .filter((node) => nameOf(child(node, 'exported')) === 'default'),
      ),
    ],
  ),
}

const noBarrel: HouseRule = {
  id: 'no-barrel',
  message:
    'A file that only passes on what others export hides where things are and loads what nobody asked for. Import from the file ' +
    'that has it.',
  check: perFile(
    // The one entry of the workflow bundle: every function it exports is a workflow type.
    (file) => isCode(file) && file.path !== 'workflows/index.ts',
    (file) => {
      const body = children(file.parsed().program, 'body')
      const passesOn = (node: SyntaxNode): boolean => node.type.startsWith('Export') && child(node, 'source') !== undefined
      return body.length > 0 && body.every(passesOn) ? [{ line: 1, what: 'only passes on' }] : []
    },
  ),
}

const noEnum: HouseRule = {
  id: 'no-enum',
  message:
    'Enums are code where types suffice, and Node cannot run them. Use a union of texts, or an object `as const` whose keys are the union.',
  check: perFile(isCode, ofKind('TSEnumDeclaration')),
}

const noAny: HouseRule = {
  id: 'no-any',
  message:
    'With `any` the compiler stops looking, here and wherever the value goes. Use `unknown` and narrow it, or parse it with a schema.',
  check: perFile(isCode, ofKind('TSAnyKeyword')),
}

const noForcedType: HouseRule = {
  id: 'no-forced-type',
  message:
    'Saying `as unknown as T` is telling the compiler a lie it may not check. Narrow with a guard, parse with a schema, or fix ' +
    'the type at its source.',
  check: perFile(isCode, (file) =>
    where(
      file,
      'as unknown as',
      file
        .parsed()
        .nodes('TSAsExpression')
        .filter((node) => {
          const inner = child(node, 'expression')
          return inner?.type === 'TSAsExpression' && child(inner, 'typeAnnotation')?.type === 'TSUnknownKeyword'
        }),
    ),
  ),
}

const noSilencedCompiler: HouseRule = {
  id: 'no-silenced-compiler',
  message: 'A silenced error is an error nobody will see again. Fix the type; where a library is wrong, declare what it really does.',
  check: perFile(isCode, (file) =>
    file
      .parsed()
      .comments.filter(({ text }) => /@ts-(ignore|expect-error|nocheck)\b/.test(text))
      .map(({ line, text }) => ({ line, what: text.trim() })),
  ),
}

const TEST_WORDS = ['test', 'it', 'describe', 'suite', 'bench']

const noParkedTest: HouseRule = {
  id: 'no-parked-test',
  message: 'A test that is left out, or that leaves the others out, reports green for what nobody checked. Make it pass or delete it.',
  check: perFile(isCode, (file) =>
    where(
      file,
      'only/skip/todo',
      file
        .parsed()
        .nodes('MemberExpression')
        .filter((node) => {
          const [object = '', property = ''] = memberName(node).split('.')
          return TEST_WORDS.includes(object) && ['only', 'skip', 'todo'].includes(property)
        }),
    ),
  ),
}

/** The two clocks; the engine's own time, which a replay repeats; and a paper whose date of creation is the date it was issued on. */
const CLOCKS: Readonly<Record<string, 'now' | 'with an argument'>> = {
  'db/machine-clock.ts': 'now',
  'sandbox/clock.ts': 'now',
  'workflows/parts/case.ts': 'now',
  'activities/papers/layout.ts': 'with an argument',
}

const twoClocks: HouseRule = {
  id: 'two-clocks',
  message:
    'There are two clocks and no third: the business clock is a row (db/read/time.ts), the machine clock is db/machine-clock.ts. ' +
    'Take the moment as an argument; dates are PlainDate text.',
  check: perFile(
    (file) => isCode(file) && !isTest(file) && CLOCKS[file.path] !== 'now',
    (file) => {
      const { nodes } = file.parsed()
      const made = nodes('NewExpression').filter((node) => nameOf(child(node, 'callee')) === 'Date')
      const dated = CLOCKS[file.path] === 'with an argument' ? made.filter((node) => children(node, 'arguments').length === 0) : made
      const asked = nodes('CallExpression').filter(
        (node) => memberName(child(node, 'callee')) === 'Date.now' || nameOf(child(node, 'callee')) === 'Date',
      )
      return where(file, 'Date', [...dated, ...asked])
    },
  ),
}

const environmentInOnePlace: HouseRule = {
  id: 'environment-in-one-place',
  message:
    'The environment is read once, in bin, by the schema of config.ts, and handed on as values: a wrong setting is found at the ' +
    'start, not in the night.',
  check: perFile(
    (file) => isCode(file) && !isTest(file) && !isConfig(file) && !inside(file, 'bin', 'tools', 'config.ts'),
    (file) =>
      where(
        file,
        'process.env',
        file
          .parsed()
          .nodes('MemberExpression')
          .filter((node) => memberName(node) === 'process.env'),
      ),
  ),
}

const noConsole: HouseRule = {
  id: 'no-console',
  message:
    'What is printed is lost, unstructured and may hold personal data. Servers log by the logger they are given; only commands ' +
    'and tools speak to a terminal.',
  check: perFile(
    (file) => isCode(file) && !isTest(file) && !inside(file, 'bin', 'tools'),
    (file) =>
      where(
        file,
        'console',
        // The sandbox is a program of demo and tests and has no logger: its own faults go to stderr.
        file
          .parsed()
          .nodes('MemberExpression')
          .filter((node) => memberName(node).startsWith('console.') && !(inside(file, 'sandbox') && memberName(node) === 'console.error')),
      ),
  ),
}

/** Where such arithmetic is not about money, and why. An entry that is no longer needed is a finding. */
const NOT_MONEY: Readonly<Record<string, string>> = {
  'contracts/dates.ts': 'the Gregorian calendar drops a leap year every hundred years',
  'rules/repayment/instalment.ts': 'a Decimal is written out in whole fen, with its rounding named',
  'bin/launcher/banner.ts': 'seconds of a start',
  'bin/launcher/checks.ts': 'gigabytes and seconds of the machine',
  'bin/test.mjs': 'seconds of a test run',
}

const noFloatMoney: HouseRule = {
  id: 'no-float-money',
  message:
    'A float cannot hold ten fen exactly. Money is Fen, a bigint; text becomes money by parseYuan and money becomes text by ' +
    'yuanText or formatYuan (contracts/money.ts); ' +
    'a division names its rounding.',
  check: (tree) => {
    const found = perFile(
      (file) => isCode(file) && !isTest(file),
      (file) => {
        const { nodes } = file.parsed()
        const divided = nodes('BinaryExpression').filter((node) => {
          const [left, right] = [child(node, 'left'), child(node, 'right')]
          return (
            (node['operator'] === '/' && isNumber(right, 100)) ||
            (node['operator'] === '*' && (isNumber(right, 0.01) || isNumber(left, 0.01)))
          )
        })
        const called = nodes('CallExpression').filter((node) => {
          const callee = child(node, 'callee')
          return nameOf(callee) === 'parseFloat' || ['parseFloat', 'toFixed'].includes(nameOf(child(callee, 'property')) ?? '')
        })
        return where(file, 'float arithmetic', [...divided, ...called])
      },
    )(tree)
    const excused = Object.keys(NOT_MONEY).filter((path) => tree.find(path))
    const idle = excused.filter((path) => !found.some((one) => one.path === path))
    return [
      ...found.filter(({ path }) => !excused.includes(path)),
      ...idle.map((path) => ({ path, line: 1, what: 'no longer needs its exception' })),
    ]
  },
}

const isNumber = (node: SyntaxNode | undefined, value: number): boolean => node?.type === 'Literal' && node['value'] === value

const FUNCTIONS = ['FunctionDeclaration', 'ArrowFunctionExpression', 'FunctionExpression']

/** Whether a declaration is of a function, by either way of writing one. */
const isFunction = (declared: SyntaxNode | undefined): boolean =>
  declared !== undefined &&
  (FUNCTIONS.includes(declared.type) ||
    children(declared, 'declarations').some((one) => FUNCTIONS.includes(child(one, 'init')?.type ?? '')))

const toldFunction: HouseRule = {
  id: 'told-function',
  message:
    'Who calls a function from another file should not have to read it. Say above it what it does, in which unit, what it throws, ' +
    'and the article or page it comes from.',
  check: perFile(
    // What a component shows is seen on the screen.
    (file) => isCode(file) && !isTest(file) && !inside(file, 'admin-ui', 'tests') && !file.path.endsWith('.fixture.ts'),
    (file) =>
      where(
        file,
        'says nothing of itself',
        file
          .parsed()
          .nodes('ExportNamedDeclaration')
          .filter((node) => isFunction(child(node, 'declaration')))
          .filter((node) => !file.lines[file.parsed().lineAt(node.start) - 2]?.trimEnd().endsWith('*/')),
      ),
  ),
}

export const codeRules: readonly HouseRule[] = [
  noDefaultExport,
  noBarrel,
  noEnum,
  noAny,
  noForcedType,
  noSilencedCompiler,
  noParkedTest,
  twoClocks,
  environmentInOnePlace,
  noConsole,
  noFloatMoney,
  toldFunction,
]
