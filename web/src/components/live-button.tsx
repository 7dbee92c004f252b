/** Follows what happens, or holds still to be read. */
export function LiveButton({ live, onChange }: { live: boolean; onChange: (live: boolean) => void }) {
  return (
    <button
      type="button"
      className="button live-button"
      aria-pressed={live}
      title={live ? 'Looks anew twice a second; press to hold still (f)' : 'Holds still; press to follow (f)'}
      onClick={() => onChange(!live)}
    >
      <span aria-hidden>{live ? '●' : '‖'}</span> Live
    </button>
  )
}
