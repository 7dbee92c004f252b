export { openDatabase, SCHEMA, type Database, type DatabaseOptions } from './pool.js'
export { migrate, OLDEST_SERVER, UnsupportedServerError } from './migrate.js'
export { inspectDatabase, type DatabaseFindings } from './inspect.js'
export { ensurePartitions, listPartitions, type Partition } from './partitions.js'
export { dropPartitions } from './retention.js'
export { classifyError, errorCode, type ErrorClass } from './errors.js'
export * from './codes.js'
export { startEmbedded, type EmbeddedOptions, type EmbeddedPostgres } from './embedded/supervisor.js'
export { AlreadyRunningError } from './embedded/guard.js'
export { forgetProducers, mergeLedger } from './ledger-upkeep.js'
export { dropRequestKeys, measureSize, readDurability, type Durability } from './upkeep.js'
export type { Connection, Queryable } from './connection.js'
export { BEGIN_FLUSH, COMMIT_FLUSH, ROLLBACK_FLUSH, rollbackFlush } from './queries/flush-transaction.js'
export { runScript, type Copy, type Step } from './queries/run-script.js'
export { BinaryRows } from './queries/copy-binary.js'
export { COPY_ABSENCES, encodeAbsence, type AbsenceRow } from './queries/copy-absences.js'
export { forgetBreakers } from './queries/breaker-forget.js'
export { listRecentTurns, listTurns, listTurnsBefore, type ListTurns, type StoredTurn } from './queries/breaker-changes.js'
export { countBreakers, listBreakers, listBreakersOfNode, readBreaker } from './queries/breaker-list.js'
export type { BreakerPosition, ListBreakers, ListedBreaker } from './queries/breaker-list.js'
export { type StoredBreaker } from './queries/breaker-rows.js'
export { listFailedCalls, listHurtSessions, type HurtSession, type Stretch, type StoredFailure } from './queries/call-failures.js'
export { rollUpCalls } from './queries/call-roll-up.js'
export { countTargetBreakers, listServiceNodes, type ServiceNodes, type TargetBreakers } from './queries/call-services.js'
export { sumCalls, type EdgeSum } from './queries/call-sums.js'
export { COPY_BREAKER_CHANGES, encodeBreakerChange, type BreakerChangeRow } from './queries/copy-breaker-changes.js'
export { COPY_CALL_FAILURES, encodeCallFailure, type CallFailureRow } from './queries/copy-call-failures.js'
export { COPY_FRESH_CALLS, encodeFreshCalls, type FreshCallsRow } from './queries/copy-fresh-calls.js'
export { findCalls, type CallKey, type FoundCall } from './queries/find-calls.js'
export { upsertBreakers, type BreakerRow, type BreakerTurnRow } from './queries/upsert-breakers.js'
export { COPY_EVENT_COUNTS, encodeEventCount, type EventCountRow } from './queries/copy-event-counts.js'
export {
  COPY_EVENTS,
  EventRows,
  makeStamp,
  stampEvents,
  type EventRow,
  type FlushStamp,
  type Slice,
  type SlicedEventRow,
} from './queries/copy-events.js'
export { COPY_SESSION_PARTS, encodeSessionPart, type SessionPartRow } from './queries/copy-session-parts.js'
export { flushIdOf, insertFlush, type FlushRow } from './queries/insert-flush.js'
export { insertRejectedSamples, SAMPLE_SLOTS, type RejectedSample } from './queries/insert-rejected-samples.js'
export { insertWriter } from './queries/insert-writer.js'
export { claimBatches, findOverlaps, isStoredAlready, type LedgerHit, type LedgerRange, type LedgerRow } from './queries/ledger.js'
export { insertRequestKeys, listKnownRequests, type RequestKey } from './queries/request-keys.js'
export { upsertNode, type NodeRow } from './queries/upsert-node.js'
export type { RegisteredNode, Registration, StoredNodeState } from './queries/node-row.js'
export { inNodeTransition } from './queries/node-transition.js'
export { registerNodes, type Registered } from './queries/node-register.js'
export { renewNodes } from './queries/node-renew.js'
export { leaveNodes, type Leave, type Left } from './queries/node-leave.js'
export { expireNodes, type Expiry } from './queries/node-expire.js'
export {
  dropNodeChanges,
  listChangesOfNode,
  listNodeChangesSince,
  listServicesOfNode,
  loadNodeTable,
  pollNodes,
  type NodePoll,
  type StoredNodeChange,
} from './queries/node-changes.js'
export {
  countOpenBreakers,
  listUnannounced,
  listUnannouncedOf,
  sumNodeFigures,
  type NodeFigures,
  type UnannouncedNode,
} from './queries/node-figures.js'
export { listGaps, recordGap, type RegistryGap } from './queries/node-gaps.js'
export { openProjectReader, type ProjectReader } from './queries/project-reader.js'
export {
  isSessionTerm,
  listTerms,
  type Comparison,
  type EventTerm,
  type Filter,
  type SessionTerm,
  type TextMatch,
} from './queries/filter.js'
export { countEvents, type BucketCount, type CountEvents } from './queries/count-events.js'
export { countSessions, type SessionCount } from './queries/count-sessions.js'
export { listAbsences, type StoredAbsence } from './queries/list-absences.js'
export { listDerived } from './queries/list-derived.js'
export { listEventBodies, type EventKey, type EventPlace } from './queries/list-event-bodies.js'
export { isNodeKnown } from './queries/is-node-known.js'
export { listNodeSessions, type NodeSession, type NodeSessions } from './queries/list-node-sessions.js'
export { listLastWords, type StoredWords } from './queries/list-last-words.js'
export { listEventSeqs, type EventSeq } from './queries/list-event-seqs.js'
export { listLedgerWindows, type LedgerAnswer, type LedgerQuestion } from './queries/list-ledger-windows.js'
export { listEventSizes, type EventSize } from './queries/list-event-sizes.js'
export { listFieldValues, type FieldValue } from './queries/list-field-values.js'
export { listNodes, type StoredNode } from './queries/list-nodes.js'
export { listServices, type ServiceRow } from './queries/list-services.js'
export { listSessionEvents, type PackedEvents, type SessionBounds } from './queries/list-session-events.js'
export { unpackEvents, type EventColumns } from './queries/unpack-events.js'
export { readSessionVersion, type SessionVersion } from './queries/session-version.js'
export { listSessionParts, type StoredPart } from './queries/list-session-parts.js'
export { matchSessionEvents } from './queries/match-session-events.js'
export { searchEvents, type EventPosition, type SearchEvents } from './queries/search-events.js'
export { searchSessions, type SearchSessions, type SessionKey, type SessionSort } from './queries/search-sessions.js'
export type { StoredEvent } from './queries/stored-event.js'
export { isSessionKept, isSessionKnown, keepSession, MAX_KEPT_SESSIONS, releaseSession, type KeptSession } from './queries/kept-session.js'
export { sumDeliveries, type DeliveryFigures, type ProducerFigures, type ServiceFigures } from './queries/deliveries.js'
export { arrivalKey, listFlushEvents, matchEvents, searchByArrival, type Arrival, type ArrivalWindow } from './queries/events-by-arrival.js'
export { listFlushesAfter, readFrontier, type Frontier, type StoredFlush } from './queries/list-flushes.js'
export { summariseArrivals } from './queries/summarise-arrivals.js'
export { listSessionProperties } from './queries/list-session-properties.js'
