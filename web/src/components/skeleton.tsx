import './states.css'

/** Grey rows where rows will be. */
export function SkeletonRows({ count, height }: { count: number; height: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="skeleton-row" style={{ height }}>
          <span style={{ width: `${4 + ((index * 7) % 5)}%` }} />
          <span style={{ width: `${18 + ((index * 13) % 22)}%` }} />
          <span style={{ width: `${8 + ((index * 11) % 14)}%` }} />
        </div>
      ))}
    </div>
  )
}
