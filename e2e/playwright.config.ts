import { existsSync } from 'node:fs'
import { chromium, defineConfig } from '@playwright/test'

/** The Chromium named by the environment, else Playwright's own where it is installed, else the system's. */
function findChromium(): { executablePath?: string } {
  const named = process.env['GROUNDTRACK_CHROMIUM']
  if (named) return { executablePath: named }
  if (existsSync(chromium.executablePath())) return {}
  return { executablePath: '/usr/bin/chromium' }
}

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './tests/support/global-setup.ts',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ...(process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ? [['json'] as const] : [])],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...findChromium(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    },
  },
})
