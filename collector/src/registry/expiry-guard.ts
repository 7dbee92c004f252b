/** Fewer than that may fall silent together: a small system restarts like that. */
const LEAST_SUSPECTS = 4
const FREEZE_SHARE = 0.3
/** Half of the above, so that a share that wavers doesn't make the state waver. */
const THAW_SHARE = 0.15

export interface Census {
  /** Nodes that aren't gone. */
  watched: number
  /** Of these, silent for so long that they are about to expire, or stale already. */
  suspects: number
  /** Some node's time to live is over. */
  isDue: boolean
}

/** Notices when too many nodes would expire at once: then rather the collector is cut off than they are dead. */
export class ExpiryGuard {
  /** Milliseconds on the collector's monotonic clock; null while it isn't frozen. */
  frozenSinceMs: number | null = null

  judge({ watched, suspects, isDue }: Census, nowMs: number): void {
    const isMany = (share: number) => suspects >= LEAST_SUSPECTS && suspects > share * watched
    if (this.frozenSinceMs !== null && !isMany(THAW_SHARE)) this.frozenSinceMs = null
    if (this.frozenSinceMs === null && isDue && isMany(FREEZE_SHARE)) this.frozenSinceMs = nowMs
  }
}
