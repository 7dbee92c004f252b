/** Whatever could steer a terminal or turn text around: C0, DEL, C1, line and paragraph separators, marks and overrides of direction. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Text of a stranger as one line that is shown, not obeyed. */
export function harmlessText(text: string): string {
  return text.replaceAll(STEERING, escape)
}

function escape(character: string): string {
  const code = character.charCodeAt(0)
  return SHORT[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
}
