/** The outcome of work that may meet hostile arguments; `otherwise` when it throws. The host never sees an exception of ours. */
export function harmless<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}
