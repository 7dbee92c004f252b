import { fileURLToPath } from 'node:url'
import { findFreePorts } from './free-ports.js'
import type { ProcessSpec } from './processes.js'
import type { ShopFolder } from './shop-folder.js'

export interface Shop {
  /** Started first: nobody's customer, they know nothing of Groundtrack. */
  partners: ProcessSpec
  firstNodes: ProcessSpec[]
  secondNodes: ProcessSpec[]
  /** They wait until they are told that the shop is open. */
  customers: ProcessSpec
  addresses: Addresses
}

/** Where everything listens: URLs of services, host:port of the partners' lines. */
export type Addresses = Record<ServiceName, string[]> & { bank: string[]; relay: string[]; carrier: string[] }
export type ServiceName = 'storefront' | 'cart' | 'checkout' | 'payments' | 'inventory' | 'mailer' | 'warehouse'

const NODES_PER_SERVICE: Record<ServiceName, number> = {
  storefront: 1,
  cart: 2,
  checkout: 1,
  payments: 2,
  inventory: 1,
  mailer: 1,
  warehouse: 1,
}
/** Clocks that are off, by the name of the process. */
const WRONG_CLOCKS: Partial<Record<string, { aheadMs: number; setEveryMs?: number }>> = {
  'cart-2': { aheadMs: 5_000 },
  warehouse: { aheadMs: -4_000, setEveryMs: 7_000 },
}
const ABOUT: Record<ServiceName, string> = {
  storefront: "takes the customers' requests; asks cart and inventory at once",
  cart: 'two nodes; the first is killed now and then, the clock of the second is 5 s ahead',
  checkout: 'places orders; tells mailer and warehouse without waiting',
  payments: 'two nodes; the bank line of the first breaks now and then, later both; they restart one by one',
  inventory: 'every stocktake locks the shelves longer than a deadline lasts',
  mailer: 'a worker; is killed now and then while it sends a mail',
  warehouse: 'packs parcels, later; little memory for its log, and a clock that is set every few seconds',
}
const BANK_LINES = 2

/** Lays the shop out on free ports. `ratePerSecond` is how often customers come. */
export async function layOutShop(options: { collectorUrl: string; ratePerSecond: number; folder: ShopFolder }): Promise<Shop> {
  const services = Object.entries(NODES_PER_SERVICE) as [ServiceName, number][]
  const ports = await findFreePorts(services.reduce((sum, [, count]) => sum + count, 0) + BANK_LINES + 2)
  const take = (count: number): number[] => ports.splice(0, count)
  const addresses = {
    bank: take(BANK_LINES).map((port) => `127.0.0.1:${port}`),
    relay: take(1).map((port) => `127.0.0.1:${port}`),
    carrier: take(1).map((port) => `127.0.0.1:${port}`),
    ...Object.fromEntries(services.map(([service, count]) => [service, take(count).map((port) => `http://127.0.0.1:${port}`)])),
  } as Addresses

  const env = {
    GROUNDTRACK_URL: options.collectorUrl,
    GROUNDTRACK_ENVIRONMENT: 'demo',
    SHOP_ADDRESSES: JSON.stringify(addresses),
    SHOP_FOLDER: JSON.stringify(options.folder),
  }
  const describe = (name: string, program: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
    name,
    file: resolve(`./services/${program}.js`),
    preload: [resolve('./follow-launcher.js')],
    ...more,
    env: { ...env, ...more.env },
  })

  const describeNode = (service: ServiceName, index: number): ProcessSpec => {
    const name = NODES_PER_SERVICE[service] === 1 ? service : `${service}-${index + 1}`
    const clock = WRONG_CLOCKS[name]
    return describe(name, service, {
      env: { SHOP_ADDRESS: addresses[service][index] ?? '', SHOP_NODE_INDEX: String(index), ...(clock && clockOf(clock)) },
      preload: [resolve('./follow-launcher.js'), ...(clock ? [resolve('./wrong-clock.js')] : [])],
    })
  }
  return {
    addresses,
    partners: describe('partners', 'partners'),
    firstNodes: services.map(([service]) => describeNode(service, 0)),
    secondNodes: services.filter(([, count]) => count > 1).map(([service]) => describeNode(service, 1)),
    customers: describe('customers', 'customers', { args: [String(options.ratePerSecond)] }),
  }
}

/** What runs and where to look, for people. */
export function describeShop(shop: Shop, options: { collectorUrl: string; ratePerSecond: number; durationMs: number | undefined }): string {
  const lines = (Object.keys(NODES_PER_SERVICE) as ServiceName[]).map((service) => {
    const ports = shop.addresses[service].map((address) => new URL(address).port)
    return `  ${service.padEnd(12)}${`127.0.0.1:${ports.join(' :')}`.padEnd(24)}${ABOUT[service]}`
  })
  return [
    '',
    'The shop is open:',
    ...lines,
    '',
    `Sessions     ${options.collectorUrl}/sessions?q=environment:demo`,
    `Nodes        ${options.collectorUrl}/nodes`,
    `Map          ${options.collectorUrl}/map`,
    `Load         ${options.ratePerSecond} requests a second ${options.durationMs === undefined ? 'until Ctrl-C' : `for ${options.durationMs / 1_000} s`}`,
    '',
  ].join('\n')
}

function clockOf({ aheadMs, setEveryMs }: { aheadMs: number; setEveryMs?: number }): Record<string, string> {
  return { CLOCK_AHEAD_MS: String(aheadMs), ...(setEveryMs !== undefined && { CLOCK_SET_EVERY_MS: String(setEveryMs) }) }
}

function resolve(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}
