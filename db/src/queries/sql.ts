/** A piece of SQL with its parameters: text from our own source only, values as parameters only. */
export class Sql {
  readonly #strings: readonly string[]
  readonly #values: readonly unknown[]

  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.#strings = strings
    this.#values = values
  }

  /** Numbers the parameters: what pg's query() takes. */
  build(): { text: string; values: unknown[] } {
    const values: unknown[] = []
    return { text: this.#write(values), values }
  }

  #write(values: unknown[]): string {
    let text = this.#strings[0] ?? ''
    for (let i = 0; i < this.#values.length; i++) {
      const value = this.#values[i]
      text += value instanceof Sql ? value.#write(values) : `$${values.push(value)}`
      text += this.#strings[i + 1] ?? ''
    }
    return text
  }
}

/** Template tag: other pieces are put in, everything else becomes a parameter. */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Sql {
  return new Sql(strings, values)
}

export function joinSql(pieces: readonly Sql[], separator: ' AND ' | ' OR ' | ', '): Sql {
  return new Sql(['', ...pieces.slice(1).map(() => separator), ''], pieces)
}

/** All of them; true when there are none. */
export function allOf(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : sql`(${joinSql(conditions, ' AND ')})`
}

/** Any of them; false when there are none. */
export function anyOf(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`false` : sql`(${joinSql(conditions, ' OR ')})`
}

/** A timestamptz from microseconds since the epoch. */
export function instant(micros: number): Sql {
  return sql`(timestamptz 'epoch' + ${micros}::float8 * interval '1 microsecond')`
}
