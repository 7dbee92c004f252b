import type { ShopFolder } from '../shop-folder.js'
import type { Addresses } from '../shop.js'

/** What the launcher hands to each process of the shop. */
const addresses = JSON.parse(process.env['SHOP_ADDRESSES'] ?? '{}') as Addresses
export const folder = JSON.parse(process.env['SHOP_FOLDER'] ?? '{}') as ShopFolder
export const ownAddress = process.env['SHOP_ADDRESS'] ?? ''
export const ownPort = Number(new URL(ownAddress || 'http://127.0.0.1:0').port)
export const nodeIndex = Number(process.env['SHOP_NODE_INDEX'] ?? 0)

export function addressesOf(service: keyof Addresses): readonly string[] {
  return addresses[service]
}

/** Address of the one node, or of the node with this index. */
export function addressOf(service: keyof Addresses, index = 0): string {
  const address = addresses[service][index]
  if (address === undefined) throw new Error(`the shop has no ${service} ${index + 1}`)
  return address
}

/** "payments-2" */
export function nameOf(service: keyof Addresses, address: string): string {
  return `${service}-${addresses[service].indexOf(address) + 1}`
}

export function sayReady(): void {
  process.send?.({ ready: true })
}
