/** Bounds of ingest; bytes unless the name says otherwise. */
export interface IngestLimits {
  maxCompressedBytes: number
  maxInflatedBytes: number
  maxEvents: number
  maxEventBytes: number
  maxDepth: number
  maxAttributes: number
  maxAttributeKeyBytes: number
  /** Raw bytes kept of a rejected line. */
  maxSampleBytes: number
  maxSamplesPerBatch: number
  /** All bodies being read, decoded or waiting for the database, together. */
  maxBytesInFlight: number
  bodyTimeoutMs: number
  /** A body slower than this, after the first five seconds, is given up. */
  minBytesPerSecond: number
  /** Longest wait for a turn at the database. */
  maxWaitMs: number
  /** Encoded bytes written in one transaction. */
  maxFlushBytes: number
}

export const INGEST_LIMITS: IngestLimits = {
  maxCompressedBytes: 1024 * 1024,
  maxInflatedBytes: 4 * 1024 * 1024,
  maxEvents: 10_000,
  maxEventBytes: 256 * 1024,
  maxDepth: 32,
  maxAttributes: 128,
  maxAttributeKeyBytes: 128,
  maxSampleBytes: 64 * 1024,
  maxSamplesPerBatch: 8,
  maxBytesInFlight: 64 * 1024 * 1024,
  bodyTimeoutMs: 30_000,
  minBytesPerSecond: 1000,
  maxWaitMs: 2_000,
  maxFlushBytes: 1024 * 1024,
}
