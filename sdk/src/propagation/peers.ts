/** Which peers belong to us: loopback and private addresses, and hosts that the user names. */

/** An address literal, with or without brackets, zone or IPv4-in-IPv6 prefix; names are never private, `localhost` apart. */
export function isPrivateAddress(address: string): boolean {
  const plain = address
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(plain)
  if (v4 !== null) return isPrivateV4(v4.slice(1).map(Number))
  if (plain === 'localhost' || plain === '::1') return true
  // fc00::/7 unique local, fe80::/10 link local
  return /^f[cd][0-9a-f]{2}:/.test(plain) || /^fe[89ab][0-9a-f]:/.test(plain)
}

/** Whether baggage may go to this host: private, or named exactly, or by `*.example.internal`. */
export function isTrustedHost(host: string, named: readonly string[]): boolean {
  const plain = host.toLowerCase()
  if (isPrivateAddress(plain)) return true
  return named.some((name) => (name.startsWith('*.') ? plain.endsWith(name.slice(1).toLowerCase()) : plain === name.toLowerCase()))
}

function isPrivateV4(parts: readonly number[]): boolean {
  const [a = 256, b = 256] = parts
  if (parts.some((part) => part > 255)) return false
  return a === 127 || a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 169 && b === 254)
}
