// What runs before anything is installed: no dependencies, no TypeScript, any Node from 20.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import module from 'node:module'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = resolve(import.meta.dirname ?? fileURLToPath(new URL('.', import.meta.url)), '..', '..')
const modules = join(project, 'node_modules')
const NODE_WANTED = 24

/**
 * Returns when this process runs on Node 24 with everything installed. Otherwise installs, runs `script` again with the same
 * arguments on the Node that npm delivered, and ends with its exit code.
 * @param {string} scriptUrl `import.meta.url` of the caller
 */
export async function bootstrap(scriptUrl) {
  checkPlatform()
  if (installedIsOld()) install()
  if (major(process.versions.node) >= NODE_WANTED) return usePackagedTools()
  await runOnDeliveredNode(fileURLToPath(scriptUrl))
}

function checkPlatform() {
  if (!['linux', 'darwin'].includes(process.platform)) stop('安居在 Linux 或 macOS 上运行；Windows 请在 WSL 2 里运行 npm start。')
  if (major(process.versions.node) < 20) stop(`需要 Node 20 以上来启动，现在是 ${process.versions.node}。`)
}

/** npm writes its hidden lock file last, so an install that was cut short counts as old. */
function installedIsOld() {
  const stamp = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false })
  return !stamp || stamp.mtimeMs < statSync(join(project, 'package-lock.json')).mtimeMs
}

function install() {
  console.log('正在安装依赖（npm ci，首次约一分钟）……')
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
  const [command, ...before] = npm
  // Warnings are meant for those who choose the packages; the shell's older Node, which npm warns of, is left a moment later.
  const args = [...before, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, error } = spawnSync(command, args, { cwd: project, stdio: 'inherit' })
  if (status !== 0) stop(`依赖安装失败${error ? `：${error.message}` : ''}。请检查网络后重试 npm ci。`)
}

async function runOnDeliveredNode(script) {
  const node = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (!existsSync(node))
    stop(`需要 Node ${NODE_WANTED} 以上，现在是 ${process.versions.node}，本平台（${process.platform}-${process.arch}）也没有随包的 Node。`)
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: 'inherit', env: { ...process.env, PATH: pathWithTools() } })
  // The child decides when it is over. From a terminal it has Ctrl-C already: it must take a second one for the first.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  const code = await new Promise((done) => child.on('exit', (exitCode, signal) => done(exitCode ?? (signal ? 128 : 1))))
  process.exit(code)
}

function usePackagedTools() {
  process.env.PATH = pathWithTools()
  // What Node has compiled once, TypeScript above all, is kept for this process and for every one that it starts.
  process.env.NODE_COMPILE_CACHE ||= join(modules, '.cache', 'compiled')
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
}

const pathWithTools = () => join(modules, '.bin') + delimiter + (process.env.PATH ?? '')
const major = (version) => Number(version.split('.')[0])

function stop(message) {
  console.error(message)
  process.exit(2)
}
