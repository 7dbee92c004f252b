interface Ahead {
  answer: Promise<Response>
  /** By performance.now(). */
  askedMs: number
}

declare global {
  interface Window {
    /** Questions of src/api/ask-before-load.js, by their URL. */
    askedAhead?: Map<string, Ahead>
  }
}

/** An answer that nobody took for so long tells of the past. */
const FRESH_MS = 10_000

/** Asks for what will be wanted in a moment; once, whoever else asked ahead for it. */
export function askAhead(url: string): void {
  const asked = (window.askedAhead ??= new Map<string, Ahead>())
  if (isFresh(asked.get(url))) return
  const answer = fetch(url, { headers: { accept: 'application/json' } })
  answer.catch(() => {}) // who takes it asks again
  asked.set(url, { answer, askedMs: performance.now() })
}

/** The answer to a question that was asked ahead, for the first who wants it. */
export function takeAhead(url: string): Promise<Response> | undefined {
  const ahead = window.askedAhead?.get(url)
  window.askedAhead?.delete(url)
  return isFresh(ahead) ? ahead?.answer : undefined
}

function isFresh(ahead: Ahead | undefined): boolean {
  return ahead !== undefined && performance.now() - ahead.askedMs < FRESH_MS
}
