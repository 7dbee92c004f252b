import { defineConfig } from 'vitest/config'

/** Tests of whole processes: starting, packing, faults. One file at a time, since each fills the machine. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    globalSetup: ['../db/test/start-postgres.ts'],
    include: ['{demo,start,faults}/**/*.test.ts'],
    testTimeout: 120_000,
    // A busy machine takes its time; what never comes still fails.
    expect: { poll: { timeout: 15_000 } },
    hookTimeout: 180_000,
    fileParallelism: false,
  },
})
