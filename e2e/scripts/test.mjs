// `npm test`: installs, builds, checks and tests everything, or only what is named, and ends with one line: N passed, N failed.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare, ROOT } from '../../collector/scripts/prepare.mjs'
import { findChromium } from './find-chromium.mjs'

const root = fileURLToPath(ROOT)
const results = mkdtempSync(join(tmpdir(), 'groundtrack-results-'))
const inModules = (path) => join(root, 'node_modules', path)

/** Each answers { passed, failed }. */
const CHECKS = {
  format: () => runCheck([inModules('oxfmt/bin/oxfmt'), '--check']),
  lint: () => runCheck([inModules('oxlint/bin/oxlint'), '--type-aware']),
  typecheck: () => runCheck([inModules('typescript/bin/tsc'), '-b']),
  unit: () => runVitest('unit', []),
  browser: runPlaywright,
  // Real processes: start and stop, packing, kill -9 under load.
  processes: () => runVitest('processes', ['--config', 'e2e/vitest.config.ts', 'demo', 'start']),
  faults: () => runVitest('faults', ['--config', 'e2e/vitest.config.ts', 'faults']),
}

// `npm run faults -- --kills 1000 --seed 7`: the tests read both from their environment.
const words = process.argv.slice(2)
for (const option of ['kills', 'seed']) {
  const at = words.indexOf(`--${option}`)
  if (at !== -1) process.env[`GROUNDTRACK_FAULT_${option.toUpperCase()}`] = words.splice(at, 2)[1]
}
const names = words
const unknown = names.filter((name) => !Object.hasOwn(CHECKS, name))
if (unknown.length > 0) {
  console.error(`There is no check ${unknown.join(', ')}. There are: ${Object.keys(CHECKS).join(', ')}`)
  process.exit(2)
}

await prepare(['sdk', 'db', 'collector', 'web', 'e2e'], '\n0 passed, 1 failed')
const total = { passed: 0, failed: 0 }
const troubles = []
for (const name of names.length > 0 ? names : Object.keys(CHECKS)) {
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
  const { passed, failed } = await CHECKS[name]()
  total.passed += passed
  total.failed += failed
  if (failed > 0) troubles.push(`${name} (${failed})`)
}
rmSync(results, { recursive: true, force: true })
if (troubles.length > 0) console.log(`\nfailed: ${troubles.join(', ')}`)
process.exitCode = total.failed > 0 ? 1 : 0
console.log(`\n${total.passed} passed, ${total.failed} failed`)

async function runCheck(args) {
  return (await run(args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function runVitest(name, args) {
  const file = join(results, `${name}.json`)
  const code = await run([
    inModules('vitest/vitest.mjs'),
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const report = readReport(file)
  return sum(code, report?.numPassedTests, report?.numFailedTests, report && report.numPendingTests + report.numTodoTests)
}

async function runPlaywright() {
  const file = join(results, 'browser.json')
  let chromium
  try {
    chromium = await findChromium(root)
  } catch (error) {
    console.error(error.message)
    return { passed: 0, failed: 1 }
  }
  const env = { ...process.env, GROUNDTRACK_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: file }
  const code = await run([inModules('@playwright/test/cli.js'), 'test'], { cwd: join(root, 'e2e'), env })
  const stats = readReport(file)?.stats
  return sum(code, stats?.expected, stats && stats.unexpected + stats.flaky, stats?.skipped)
}

/** A test that was skipped proves nothing, a runner that ran none even less: both count as failed. */
function sum(code, passed = 0, failed = 0, skipped = 0) {
  if (skipped > 0) console.error(`${skipped} skipped: they count as failed`)
  if (passed + failed === 0) console.error('no test was run')
  const bad = failed + skipped
  return { passed, failed: bad === 0 && (code !== 0 || passed === 0) ? 1 : bad }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function run(args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options })
    child.on('error', () => resolve(1))
    child.on('exit', (code) => resolve(code ?? 1))
  })
}
