import { Menu } from '@base-ui/react/menu'
import { ChevronDown, Download, Link2, Pin, Radio } from 'lucide-react'
import { useKeep } from '../../api/keep'
import { isUnsettled, useSession } from '../../api/session'
import { announce } from '../../components/announcer'
import { copyLink } from '../../components/copy-link'
import { useShortcuts } from '../../lib/shortcuts'
import type { ChangeSession } from './session-page'
import './session-actions.css'

/** What can be done with a session as a whole: link it, take it along, keep it, follow it. */
export function SessionActions({ id, follow, change }: { id: string; follow: boolean; change: ChangeSession }) {
  const { data } = useSession(id, follow)
  const isLive = data !== undefined && isUnsettled(data)
  const toggle = () => change({ live: follow ? '0' : undefined })
  useShortcuts({ f: () => (isLive ? toggle() : announce('This session has ended: nothing more to follow')) })
  return (
    <div className="session-actions">
      <button
        type="button"
        className="button"
        onClick={() => void copyLink()}
        aria-label="Copy link"
        title="Copy the link of this view (.)"
      >
        <Link2 size={15} aria-hidden /> <span className="action-words">Copy link</span>
      </button>
      {data && <ExportMenu id={id} />}
      {data && <KeepButton id={id} kept={data.session.kept} />}
      {isLive && (
        <button
          type="button"
          className="button live-button"
          aria-pressed={follow}
          onClick={toggle}
          title={
            follow ? 'New lines are brought in as they arrive. Press to hold still (f)' : 'Holds still. Press to bring in new lines (f)'
          }
        >
          <Radio size={15} aria-hidden /> Live
        </button>
      )}
    </div>
  )
}

function ExportMenu({ id }: { id: string }) {
  return (
    <Menu.Root>
      <Menu.Trigger className="button" aria-label="Export">
        <Download size={15} aria-hidden /> <span className="action-words">Export</span> <ChevronDown size={14} aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end">
          <Menu.Popup className="menu-popup">
            <Menu.LinkItem
              className="menu-item"
              href={`/api/v1/sessions/${id}?format=json&download=1`}
              download={`session-${id}.json`}
              closeOnClick
              aria-label="Session as JSON"
            >
              Session as JSON
              <span className="menu-aside">steps, calls, processes, what is missing</span>
            </Menu.LinkItem>
            <Menu.LinkItem
              className="menu-item"
              href={`/api/v1/sessions/${id}/events?format=ndjson&download=1`}
              download={`session-${id}.ndjson`}
              closeOnClick
              aria-label="All lines as NDJSON"
            >
              All lines as NDJSON
              <span className="menu-aside">one a line, by call, missing ones too</span>
            </Menu.LinkItem>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}

/** Says at once what was asked for; takes it back where the collector refuses. */
function KeepButton({ id, kept }: { id: string; kept: boolean }) {
  const keep = useKeep(id)
  const isKept = keep.isPending ? keep.variables : kept
  const toggle = () =>
    keep.mutate(!kept, {
      onSuccess: (now) => announce(now.kept ? 'Kept past retention' : 'No longer kept: it goes with its day'),
      onError: (error) => announce(error.message),
    })
  return (
    <button
      type="button"
      className="button"
      aria-pressed={isKept}
      aria-label="Keep"
      disabled={keep.isPending}
      onClick={toggle}
      title={isKept ? 'Kept past retention. Press to let it go with its day' : 'Keep this session past retention'}
    >
      <Pin size={15} aria-hidden fill={isKept ? 'currentColor' : 'none'} /> <span className="action-words">{isKept ? 'Kept' : 'Keep'}</span>
    </button>
  )
}
