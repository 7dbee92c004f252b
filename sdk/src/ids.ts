const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Makes session, span, node and producer ids from a source of random bytes. */
export class Ids {
  readonly #fill: (bytes: Uint8Array) => void
  readonly #pool = new Uint8Array(2048)
  #used = 2048

  /** `fill` writes cryptographically strong random bytes. */
  constructor(fill: (bytes: Uint8Array) => void) {
    this.#fill = fill
  }

  /** 32 hex digits with the bits of a UUIDv7: ordered by `nowMs`, so that a database indexes them cheaply. */
  session(nowMs: number): string {
    const at = this.#take(10)
    const time = Math.floor(nowMs).toString(16).padStart(12, '0').slice(-12)
    const bytes = this.#pool
    const versioned = 0x70 | ((bytes[at] ?? 0) & 0x0f)
    const variant = 0x80 | ((bytes[at + 2] ?? 0) & 0x3f)
    return time + HEX[versioned] + this.#hex(at + 1, 1) + HEX[variant] + this.#hex(at + 3, 7)
  }

  /** 16 hex digits, never all zero. */
  span(): string {
    const id = this.#hex(this.#take(8), 8)
    return id === '0000000000000000' ? this.span() : id
  }

  /** A random UUID (version 4). */
  uuid(): string {
    const at = this.#take(16)
    const versioned = 0x40 | ((this.#pool[at + 6] ?? 0) & 0x0f)
    const variant = 0x80 | ((this.#pool[at + 8] ?? 0) & 0x3f)
    const [a, b, c, d, e] = [this.#hex(at, 4), this.#hex(at + 4, 2), this.#hex(at + 7, 1), this.#hex(at + 9, 1), this.#hex(at + 10, 6)]
    return `${a}-${b}-${HEX[versioned]}${c}-${HEX[variant]}${d}-${e}`
  }

  #take(count: number): number {
    if (this.#used + count > this.#pool.length) {
      this.#fill(this.#pool)
      this.#used = 0
    }
    const at = this.#used
    this.#used += count
    return at
  }

  #hex(at: number, count: number): string {
    let text = ''
    for (let i = at; i < at + count; i++) text += HEX[this.#pool[i] ?? 0]
    return text
  }
}
