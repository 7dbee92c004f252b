import type { Pool, PoolClient } from 'pg'

/** One connection, lent by a pool until released: what a transaction needs. */
export type Connection = PoolClient

/** Anything that runs a single statement. */
export type Queryable = Pick<Pool | PoolClient, 'query'>
