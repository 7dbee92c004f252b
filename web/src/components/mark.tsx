/** The mark: a ground track over a globe's disc, with one bright dot. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="14.5" className="mark-globe" />
      <path d="M2.6 19C5.4 9.5 8.8 7.4 11.9 10.4c3.5 3.4 5 11.4 9.4 12.3 3.4.7 6-2.6 8-7.7" className="mark-track" />
      <circle cx="21.3" cy="22.7" r="2.9" className="mark-dot" />
    </svg>
  )
}
