import { test as base, expect } from '@playwright/test'

interface Fixtures {
  /** URL of the collector that the demo fills. */
  busy: string
  /** URL of the collector that holds only what tests post. */
  quiet: string
}

/** Every page must stay free of uncaught errors and of breaches of its content security policy. */
export const test = base.extend<Fixtures & { complaints: string[] }>({
  // oxlint-disable-next-line no-empty-pattern
  busy: async ({}, use) => use(urlFrom('GROUNDTRACK_E2E_BUSY')),
  // oxlint-disable-next-line no-empty-pattern
  quiet: async ({}, use) => use(urlFrom('GROUNDTRACK_E2E_QUIET')),
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
      page.on('dialog', (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`)
        dialog.dismiss().catch(() => {})
      })
      page.on('console', (message) => {
        // Framing is what another site tries; that it is refused is as it should be.
        if (/content security policy|trusted type/i.test(message.text()) && !message.text().startsWith('Framing'))
          complaints.push(message.text())
      })
      await use(complaints)
      expect(complaints).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

function urlFrom(variable: string): string {
  const url = process.env[variable]
  if (!url) throw new Error(`${variable} is not set: the global setup did not run`)
  return url
}
