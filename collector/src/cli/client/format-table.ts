import type { Style } from './terminal.js'

export interface Cell {
  text: string
  style?: Style
}

/** Columns as wide as their widest cell, the last as wide as it is. */
export function* formatTable(
  heads: readonly string[],
  rows: readonly (readonly Cell[])[],
  paint: (style: Style, text: string) => string,
): Generator<string> {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => widthOf(row[i]?.text ?? ''))))
  const pad = (text: string, i: number) =>
    i === heads.length - 1 ? text : text + ' '.repeat(Math.max(0, (widths[i] ?? 0) - widthOf(text)))
  yield paint('gray', heads.map(pad).join('  ').trimEnd())
  for (const row of rows) {
    yield row
      .map(({ text, style }, i) => (style === undefined ? pad(text, i) : paint(style, pad(text, i))))
      .join('  ')
      .trimEnd()
  }
}

function widthOf(text: string): number {
  return Array.from(text).length
}
