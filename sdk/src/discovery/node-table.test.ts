import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NodeTable, type ToldNode } from './node-table.js'

const told = (id: string, more: Partial<ToldNode> = {}): ToldNode => ({
  id,
  service: 'cart',
  version: '1.0',
  environment: 'staging',
  address: `http://${id}:8080`,
  ...more,
})
const idsOf = (nodes: readonly { id?: string }[]): (string | undefined)[] => nodes.map(({ id }) => id)

describe('the table of nodes', () => {
  test('knows nodes of the asked version, in the order in which they came', () => {
    const table = new NodeTable({ name: 'staging' })
    table.put(told('a'))
    table.put(told('b', { version: '1.3' }))
    table.put(told('c', { version: '2.0' }))
    table.put(told('d', { address: undefined }))
    table.put(told('e', { environment: 'production' }))
    table.put(told('a'))

    expect(idsOf(table.find('cart', '1.0'))).toEqual(['a', 'b'])
    expect(idsOf(table.find('cart', '1.2'))).toEqual(['b'])
    expect(idsOf(table.find('mailer', '1.0'))).toEqual([])
    expect(idsOf(table.list('cart'))).toEqual(['a', 'b', 'c'])
  })

  test('looks into the fallback only for a service that the own environment never had', () => {
    const table = new NodeTable({ name: 'staging', fallback: 'shared' })
    table.put(told('far', { environment: 'shared' }))
    expect(idsOf(table.find('cart', '1.0'))).toEqual(['far'])

    table.put(told('near', { environment: 'elsewhere:staging' }))
    expect(idsOf(table.find('cart', '1.0'))).toEqual(['near'])
    expect(idsOf(table.find('cart', '1.1'))).toEqual([])

    table.remove('near', 'cart', 'staging')
    expect(idsOf(table.find('cart', '1.0'))).toEqual([])
  })

  test('forgets the process that another one took the address of', () => {
    const table = new NodeTable({ name: 'staging' })
    table.put(told('old', { address: 'http://10.0.0.3:8080' }))
    table.put(told('new', { address: 'http://10.0.0.3:8080' }))
    table.put(told('other', { service: 'mailer', address: 'http://10.0.0.3:8080' }))

    expect(idsOf(table.find('cart', '1.0'))).toEqual(['new'])
    expect(idsOf(table.find('mailer', '1.0'))).toEqual(['other'])
    expect(table.hasHost('10.0.0.3')).toBe(true)
    expect(table.hasHost('')).toBe(false)
  })

  test('a process that leaves takes all its services along', () => {
    const table = new NodeTable({ name: 'staging' })
    table.put(told('a'))
    table.put(told('a', { service: 'mailer' }))
    table.remove('a')

    expect([table.size, table.hasHost('a')]).toEqual([0, false])
  })

  test('takes no more than it has memory for', () => {
    const table = new NodeTable({ name: 'staging' })
    for (let i = 0; i < 10_000; i++) table.put(told(`${i}`, { address: `http://${i}/${'x'.repeat(2_000)}` }))
    table.put(told('long', { address: 'x'.repeat(3_000) }))

    expect(table.refused).toBeGreaterThan(5_000)
    expect(table.size).toBeLessThan(3_000)
    expect(table.size + table.refused).toBe(10_000)
  })
})

test('is what it was told, in any course of news, and of whole tables that take time or break off', () => {
  const node = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    service: fc.constantFrom('cart', 'mailer'),
    version: fc.constantFrom('1.0', '1.1', '2.0'),
    environment: fc.constantFrom('staging', 'shared', 'production'),
    address: fc.constantFrom('http://one', 'http://two', 'http://three'),
  })
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ put: node }) },
    { weight: 2, arbitrary: fc.record({ remove: node }) },
    { weight: 1, arbitrary: fc.constantFrom({ begin: true }, { ready: true }) },
  )
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const table = new NodeTable({ name: 'staging', fallback: 'shared' })
    /** Newest last; `isOld`: not told since the table began anew. */
    let model: (ToldNode & { isOld: boolean })[] = []
    const had = new Set<string>()
    for (const action of steps) {
      if ('put' in action) {
        const { put } = action
        table.put(put)
        if (put.environment === 'production') continue
        const isSame = (one: ToldNode): boolean => one.id === put.id && one.service === put.service && one.environment === put.environment
        const isThere = (one: ToldNode): boolean =>
          one.address === put.address && one.service === put.service && one.environment === put.environment
        model = [...model.filter((one) => !isSame(one) && !isThere(one)), { ...put, isOld: false }]
        if (put.environment === 'staging') had.add(put.service)
      } else if ('remove' in action) {
        const { id, service, environment } = action.remove
        table.remove(id, service, environment)
        model = model.filter((one) => one.id !== id || one.service !== service || one.environment !== environment)
      } else if ('begin' in action) {
        table.begin()
        for (const one of model) one.isOld = true
      } else {
        table.ready()
        model = model.filter(({ isOld }) => !isOld)
      }
      expect(table.size).toBe(model.length)
      for (const service of ['cart', 'mailer']) {
        const place = had.has(service) ? 'staging' : 'shared'
        const known = model.filter((one) => one.service === service && one.environment === place && one.version !== '2.0')
        const found = table.find(service, '1.0').map(({ id, address }) => `${id} ${address}`)
        expect(found.toSorted()).toEqual(known.map(({ id, address }) => `${id} ${address}`).toSorted())
      }
      for (const host of ['one', 'two', 'three'])
        expect(table.hasHost(host)).toBe(model.some(({ address }) => address === `http://${host}`))
    }
  })
  fc.assert(property, { numRuns: 300 })
})
