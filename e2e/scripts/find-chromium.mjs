import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const MAC_PATHS = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

/** The path of a Chromium that runs; installs one where there is none. Throws with the command that would help. */
export async function findChromium(root) {
  const { chromium } = await import('@playwright/test')
  const find = () =>
    [process.env.GROUNDTRACK_CHROMIUM, chromium.executablePath(), ...onPath(), ...MAC_PATHS].find((path) => path && runs(path))
  const found = find()
  if (found) return found

  const fromPlaywright = () =>
    spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'], {
      cwd: root,
      stdio: 'inherit',
      timeout: 180_000,
    })
  const fromDebian = () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update'], { stdio: 'inherit', env })
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'], { stdio: 'inherit', env })
  }
  // Debian's comes with the libraries it needs; Playwright's needs nobody's permission.
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  for (const obtain of isDebianRoot ? [fromDebian, fromPlaywright] : [fromPlaywright]) {
    console.log('no Chromium found: installing one')
    obtain()
    const path = find()
    if (path) return path
  }
  throw new Error(
    'The browser tests need a Chromium. Run: sudo apt-get install chromium (Debian), or npx playwright install --with-deps chromium; or set GROUNDTRACK_CHROMIUM to one.',
  )
}

function onPath() {
  return (process.env.PATH ?? '').split(delimiter).flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name)))
}

function runs(path) {
  if (!existsSync(path)) return false
  try {
    return /chrom/i.test(execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 30_000, stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return false
  }
}
