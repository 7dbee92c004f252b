/** Log text in pieces: plain text, or a character that would not show itself, or would turn the line around. */
export type TextPiece = { text: string } | { mark: string; name: string }

const NAMES: Record<number, string> = {
  0x07: 'bell',
  0x08: 'backspace',
  0x09: 'tab',
  0x0a: 'line break',
  0x0d: 'carriage return',
  0x1b: 'escape',
  0x7f: 'delete', // prettier-ignore
  0x061c: 'Arabic letter mark',
  0x200b: 'zero-width space',
  0x200e: 'left-to-right mark',
  0x200f: 'right-to-left mark',
  0x2028: 'line separator',
  0x2029: 'paragraph separator',
  0x202a: 'left-to-right embedding',
  0x202b: 'right-to-left embedding',
  0x202c: 'pop directional formatting',
  0x202d: 'left-to-right override',
  0x202e: 'right-to-left override',
  0x2066: 'left-to-right isolate',
  0x2067: 'right-to-left isolate',
  0x2068: 'first strong isolate',
  0x2069: 'pop directional isolate',
  0xfeff: 'byte order mark',
}

/** Splits log text so that control, bidirectional and invisible characters can be drawn as marks. `lines` keeps tabs and line breaks. */
export function splitVisible(text: string, lines = false): TextPiece[] {
  const pieces: TextPiece[] = []
  let plain = ''
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    const kept = lines && (code === 0x0a || code === 0x09)
    if (kept || !isHidden(code)) {
      plain += char
      continue
    }
    if (plain !== '') pieces.push({ text: plain })
    plain = ''
    pieces.push(markOf(code))
  }
  if (plain !== '') pieces.push({ text: plain })
  return pieces
}

function isHidden(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0xd800 && code <= 0xdfff) || (code > 0xff && NAMES[code] !== undefined)
}

function markOf(code: number): TextPiece {
  const hex = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  if (code === 0x0a) return { mark: '⏎', name: 'line break' }
  if (code === 0x09) return { mark: '⇥', name: 'tab' }
  if (code < 0x20) return { mark: String.fromCodePoint(0x2400 + code), name: `${NAMES[code] ?? 'control character'} ${hex}` }
  if (code >= 0xd800 && code <= 0xdfff) return { mark: hex, name: 'lone surrogate' }
  return { mark: hex, name: NAMES[code] ?? 'control character' }
}
