/** Labels as they stand between the braces of Prometheus' text format; values may be anything. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escape(value)}"`)
    .join(',')
}

/** Prometheus knows these three escapes; a carriage return would end the line for some readers. */
function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', ' ')
}

/** Stands for all that a metric has no sets of labels left for. */
export const OTHER = 'other'

/** Names by which a metric counts: those seen first, so that they stay the same; beyond `max` all are `other`. */
export class LabelNames {
  readonly #known = new Set<string>()
  readonly #max: number

  constructor(max: number) {
    this.#max = max
  }

  nameOf(name: string): string {
    if (this.#known.has(name)) return name
    if (this.#known.size >= this.#max) return OTHER
    this.#known.add(name)
    return name
  }
}
