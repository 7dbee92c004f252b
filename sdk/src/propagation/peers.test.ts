import { expect, test } from 'vitest'
import { isPrivateAddress, isTrustedHost } from './peers.js'

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['[::1]', true],
  ['::ffff:127.0.0.1', true],
  ['::ffff:8.8.8.8', false],
  ['localhost', true],
  ['10.0.0.3', true],
  ['172.15.0.1', false],
  ['172.16.0.1', true],
  ['172.31.255.255', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['192.169.1.1', false],
  ['169.254.0.5', true],
  ['fe80::1%eth0', true],
  ['fd12:3456::1', true],
  ['fc00::1', true],
  ['2001:db8::1', false],
  ['8.8.8.8', false],
  ['10.0.0.256', false],
  ['10.0.0', false],
  ['10.0.0.3.evil.example', false],
  ['127.0.0.1.nip.io', false],
  ['localhost.evil.example', false],
  ['fd.example', false],
  ['cart.example', false],
  ['', false],
])('%s is private: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected)
})

test.each([
  ['cart.example', ['cart.example'], true],
  ['CART.example', ['cart.EXAMPLE'], true],
  ['a.cart.example', ['cart.example'], false],
  ['a.cart.example', ['*.cart.example'], true],
  ['cart.example', ['*.cart.example'], false],
  ['evilcart.example', ['*.cart.example'], false],
  ['cart.example', [], false],
  ['127.0.0.1', [], true],
])('%s with %j is one of ours: %s', (host, named, expected) => {
  expect(isTrustedHost(host, named)).toBe(expected)
})
