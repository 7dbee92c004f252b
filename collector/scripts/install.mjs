import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runStep } from './run-step.mjs'

/** Whether node_modules holds what package-lock.json asks for: npm keeps a record of what it installed, written last. */
export function isInstalled(root) {
  const wanted = readPackages(new URL('package-lock.json', root))
  const installed = readPackages(new URL('node_modules/.package-lock.json', root))
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link, resolved }]) => {
    if (!path.includes('node_modules/')) return true
    const found = installed[path]
    if (!found) return Boolean(optional || devOptional)
    return link ? found.resolved === resolved : found.version === version
  })
}

/** Installs exactly what package-lock.json says, whatever NODE_ENV is. */
export async function install(root) {
  const command = [npm(), 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  await runStep('installing packages', [command], root)
}

/** npm's program: the one that runs us, else the one that came with Node. */
export function npm() {
  const candidates = [
    process.env.npm_execpath,
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ]
  const found = candidates.find((path) => path?.endsWith('npm-cli.js') && existsSync(path))
  if (!found) throw new Error('npm was not found. Use npm start, or install npm.')
  return found
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
