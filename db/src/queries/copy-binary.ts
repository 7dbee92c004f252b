/** Rows in PostgreSQL's binary COPY format (protocol documentation, "COPY", Binary Format): each value its length and its bytes. */

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const TRAILER_BYTES = 2
const NULL = -1
const INT4_OID = 23
const JSONB_VERSION = 1
/** timestamptz counts from 2000. */
const EPOCH_MICROS = Date.UTC(2000, 0, 1) * 1000
const TWO_TO_32 = 2 ** 32

/** Columns are written one after another in the order of the COPY; `row` begins each row. Null is written by every method alike. */
export class BinaryRows {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024)
  #length = SIGNATURE.copy(this.#buffer)
  #count = 0

  get count(): number {
    return this.#count
  }

  row(columns: number): void {
    this.#int16(columns)
    this.#count++
  }

  smallint(value: number | null): void {
    if (value === null) return this.#int32(NULL)
    this.#int32(2)
    this.#int16(value)
  }

  integer(value: number | null): void {
    if (value === null) return this.#int32(NULL)
    this.#int32(4)
    this.#int32(value)
  }

  bigint(value: bigint): void {
    this.#int32(8)
    this.#reserve(8)
    this.#length = this.#buffer.writeBigInt64BE(value, this.#length)
  }

  /** A uuid by its 32 hex digits, or a bigint by its 16. */
  hex(digits: string | null): void {
    if (digits === null) return this.#int32(NULL)
    this.#int32(digits.length / 2)
    this.#reserve(digits.length / 2)
    this.#length += this.#buffer.write(digits, this.#length, 'hex')
  }

  /** Microseconds since 1970. */
  timestamp(micros: number | null): void {
    if (micros === null) return this.#int32(NULL)
    const sinceEpoch = micros - EPOCH_MICROS
    const high = Math.floor(sinceEpoch / TWO_TO_32)
    this.#int32(8)
    this.#int32(high)
    this.#int32(sinceEpoch - high * TWO_TO_32)
  }

  integers(values: readonly number[] | null): void {
    if (values === null) return this.#int32(NULL)
    const dimensions = values.length === 0 ? 0 : 1
    this.#int32(12 + dimensions * 8 + values.length * 8)
    this.#int32(dimensions)
    this.#int32(0)
    this.#int32(INT4_OID)
    if (dimensions === 0) return
    this.#int32(values.length)
    this.#int32(1)
    for (const value of values) this.integer(value)
  }

  text(text: string | null): void {
    if (text === null) return this.#int32(NULL)
    this.#utf8(text, 0)
  }

  jsonb(json: string | null): void {
    if (json === null) return this.#int32(NULL)
    this.#utf8(json, 1)
  }

  /** All rows as one file; the writer is done then. */
  toBytes(): Buffer {
    this.#int16(NULL)
    return this.#buffer.subarray(0, this.#length)
  }

  #utf8(text: string, versionBytes: 0 | 1): void {
    this.#reserve(4 + versionBytes + text.length * 3)
    const start = this.#length + 4 + versionBytes
    if (versionBytes === 1) this.#buffer[start - 1] = JSONB_VERSION
    const bytes = this.#buffer.write(text, start, 'utf8')
    this.#int32(bytes + versionBytes)
    this.#length = start + bytes
  }

  #int16(value: number): void {
    this.#reserve(2)
    this.#buffer[this.#length++] = value >> 8
    this.#buffer[this.#length++] = value
  }

  #int32(value: number): void {
    this.#reserve(4)
    this.#buffer[this.#length++] = value >> 24
    this.#buffer[this.#length++] = value >> 16
    this.#buffer[this.#length++] = value >> 8
    this.#buffer[this.#length++] = value
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes + TRAILER_BYTES <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow((this.#length + bytes + TRAILER_BYTES) * 2)
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}
