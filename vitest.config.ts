import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{sdk,db,collector,web}/{src,test}/**/*.test.{ts,tsx}'],
    globalSetup: ['db/test/start-postgres.ts'],
    testTimeout: 30_000,
    // A busy machine takes its time; what never comes still fails.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
