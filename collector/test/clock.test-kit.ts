/** Goes on as the clock does, and stands where that is set back. */
export function countForward(now: () => number): () => number {
  let last = now()
  let passed = 0
  return () => {
    const at = now()
    passed += Math.max(0, at - last)
    last = at
    return passed
  }
}
