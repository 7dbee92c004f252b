import { describe, expect, test } from 'vitest'
import { parseStaticNodes, readStaticNodes } from './static-nodes.js'

describe('nodes named by the configuration', () => {
  test('are read from a line, apart by commas or white space', () => {
    expect(
      parseStaticNodes(' cart@1.0=http://10.0.0.3:8080/base?x=y@z , cart@1.1=http://10.0.0.4:8080\n\tmailer=unix:/run/mail.sock,'),
    ).toEqual([
      { service: 'cart', version: '1.0', address: 'http://10.0.0.3:8080/base?x=y@z' },
      { service: 'cart', version: '1.1', address: 'http://10.0.0.4:8080' },
      { service: 'mailer', address: 'unix:/run/mail.sock' },
    ])
    expect(parseStaticNodes('')).toEqual([])
  })

  test.each(['cart', 'cart@1.0', '=http://10.0.0.3', 'cart=', '@1.0=http://10.0.0.3'])('%s is refused with its form', (text) => {
    expect(() => parseStaticNodes(`mailer=http://10.0.0.5,${text}`)).toThrow(/GROUNDTRACK_NODES must look like cart@1\.0=http/)
    expect(() => parseStaticNodes(text)).toThrow(text)
  })

  test('are kept by service', () => {
    const nodes = readStaticNodes([
      { service: 'cart', version: '1.0', address: 'a' },
      { service: 'cart', address: 'b' },
    ])

    expect(nodes.get('cart')).toEqual([
      { service: 'cart', version: '1.0', address: 'a' },
      { service: 'cart', address: 'b' },
    ])
  })

  test.each([[{ service: 'cart' }], [{ address: 'a' }], [{ service: '', address: 'a' }], [{ service: 'cart', version: 1, address: 'a' }]])(
    '%j is refused',
    (node) => {
      expect(() => readStaticNodes([node as unknown as { service: string; address: string }])).toThrow(/each of nodes must be/)
    },
  )
})
