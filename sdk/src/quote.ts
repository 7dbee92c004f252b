/** Longest text that is checked character by character; beyond it JSON.stringify is quicker. */
const SCAN_LENGTH = 48

/** A string as JSON. */
export function quote(text: string): string {
  const length = text.length
  if (length > SCAN_LENGTH) return JSON.stringify(text)
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 34 || code === 92 || (code >= 0xd800 && code <= 0xdfff)) return JSON.stringify(text)
  }
  return '"' + text + '"'
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) continue
    if (code >= 0xd800 && code <= 0xdbff && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2
      i++
    } else bytes += code < 0x800 ? 1 : 2
  }
  return bytes
}

/**
 * A string as JSON of at most `maxBytes` bytes; what is cut off is named at the end of the text, with the length it had.
 * `maxBytes` leaves room for that note (at least 64).
 */
export function quoteWithin(text: string, maxBytes: number): { json: string; cut: boolean } {
  // A character takes at most 6 bytes: \u0000.
  if (text.length * 6 + 2 <= maxBytes) return { json: quote(text), cut: false }
  if (text.length <= maxBytes) {
    const json = JSON.stringify(text)
    if (utf8Length(json) <= maxBytes) return { json, cut: false }
  }
  const note = `… [cut: ${text.length} characters]`
  let keep = Math.min(text.length, maxBytes)
  for (;;) {
    const json = JSON.stringify(text.slice(0, wholeCharacters(text, keep)) + note)
    const over = utf8Length(json) - maxBytes
    if (over <= 0 || keep === 0) return { json, cut: true }
    keep = Math.max(0, keep - Math.max(1, Math.ceil(over / 6)))
  }
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

function wholeCharacters(text: string, length: number): number {
  const last = text.charCodeAt(length - 1)
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length
}
