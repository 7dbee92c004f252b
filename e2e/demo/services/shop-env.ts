import type { Addresses } from '../shop.js'

/** What the launcher hands to each process of the shop. */
export const addresses = JSON.parse(process.env['SHOP_ADDRESSES'] ?? '{}') as Addresses
export const ownAddress = process.env['SHOP_ADDRESS'] ?? ''
export const ownPort = Number(new URL(ownAddress || 'http://127.0.0.1:0').port)
export const nodeIndex = Number(process.env['SHOP_NODE_INDEX'] ?? 0)
export const outbox = process.env['SHOP_OUTBOX'] ?? '.'

/** Address of the one node, or of the node with this index. */
export function addressOf(service: keyof Addresses, index = 0): string {
  const address = addresses[service][index]
  if (address === undefined) throw new Error(`the shop has no ${service} ${index + 1}`)
  return address
}

/** The first cart node has the carts of customers from a to i, the second those from j on. */
export function cartOf(customer: string): string {
  return addressOf('cart', customer < 'j' ? 0 : 1)
}

export function sayReady(): void {
  process.send?.({ ready: true })
}
