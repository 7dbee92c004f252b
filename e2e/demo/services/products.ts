export interface Product {
  sku: string
  name: string
  priceCents: number
}

export interface Line {
  sku: string
  quantity: number
}

const PRODUCTS: Product[] = [
  { sku: 'A-17', name: 'enamel mug', priceCents: 1_490 },
  { sku: 'B-02', name: 'camping stove', priceCents: 6_900 },
  { sku: 'C-40', name: 'head torch', priceCents: 3_250 },
  { sku: 'D-11', name: 'trail map', priceCents: 990 },
  { sku: 'E-23', name: 'down sleeping bag', priceCents: 24_900 },
  { sku: 'F-08', name: 'tent for two', priceCents: 38_900 },
]

export function listProducts(): Product[] {
  return PRODUCTS
}

export function getProduct(sku: string): Product | undefined {
  return PRODUCTS.find((product) => product.sku === sku)
}

export function totalCents(lines: Line[]): number {
  return lines.reduce((sum, line) => sum + (getProduct(line.sku)?.priceCents ?? 0) * line.quantity, 0)
}

export function formatEuro(cents: number): string {
  return `${(cents / 100).toFixed(2)} EUR`
}
