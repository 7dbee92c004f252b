import { setImmediate as nextTurn } from 'node:timers/promises'
import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { SERVER_OPTIONS } from './server-options.js'

test('no option is one that Fastify warns of', async () => {
  const warnings: string[] = []
  const keep = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`)
  process.on('warning', keep)
  try {
    await Fastify(SERVER_OPTIONS).close()
    await nextTurn()
  } finally {
    process.off('warning', keep)
  }
  expect(warnings).toEqual([])
})
