import { Fragment } from 'react'
import { tokenizeQuery, type QueryToken } from '../lib/query-tokens'

/** The expression once more behind the transparent field, with its parts coloured and the fault underlined. */
export function QueryMirror({ query, faultAt, scrollLeft }: { query: string; faultAt: number | undefined; scrollLeft: number }) {
  return (
    <div className="query-mirror" aria-hidden>
      <div style={{ transform: `translateX(${-scrollLeft}px)` }}>
        {tokenizeQuery(query).map((token) => (
          <Fragment key={token.start}>{piecesOf(token, faultAt)}</Fragment>
        ))}
        {faultAt !== undefined && faultAt >= query.length && <span className="query-fault"> </span>}
      </div>
    </div>
  )
}

function piecesOf(token: QueryToken, faultAt: number | undefined) {
  const inside = faultAt !== undefined && faultAt >= token.start && faultAt < token.start + token.text.length
  return (
    <span className={`query-${token.kind}${inside ? ' query-fault' : ''}`} data-fault={inside || undefined}>
      {token.text}
    </span>
  )
}
