import { existsSync } from 'node:fs'
import { chromium, type LaunchOptions } from '@playwright/test'

/** The Chromium named by the environment, else Playwright's own where it is installed, else the system's. */
export function chromiumOptions(...moreArgs: string[]): LaunchOptions {
  return {
    ...findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', ...moreArgs],
  }
}

function findChromium(): LaunchOptions {
  const named = process.env['GROUNDTRACK_CHROMIUM']
  if (named) return { executablePath: named }
  return existsSync(chromium.executablePath()) ? {} : { executablePath: '/usr/bin/chromium' }
}
