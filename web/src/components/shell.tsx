import { Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useShortcuts } from '../lib/shortcuts'
import { Announcer } from './announcer'
import { copyLink } from './copy-link'
import { HelpDialog } from './help-dialog'
import { Rail } from './rail'
import './shell.css'

/** The frame of every page: rail, page, help. */
export function Shell() {
  const navigate = useNavigate()
  const [helpOpen, setHelpOpen] = useState(false)
  useShortcuts({
    '?': () => setHelpOpen(true),
    '/': focusSearch,
    'g s': () => void navigate({ to: '/sessions', search: {} }),
    'g l': () => void navigate({ to: '/logs', search: {} }),
    'g n': () => void navigate({ to: '/nodes', search: {} }),
    'g m': () => void navigate({ to: '/map', search: {} }),
    'g d': () => void navigate({ to: '/settings/deliveries' }),
    '.': () => void copyLink(),
  })
  return (
    <div className="shell">
      <a className="skip-link" href="#page">
        Skip to the page
      </a>
      <Rail onHelp={() => setHelpOpen(true)} />
      <main id="page" className="page" tabIndex={-1}>
        <Outlet />
      </main>
      <HelpDialog open={helpOpen} onClose={() => setHelpOpen(false)} />
      <Announcer />
    </div>
  )
}

function focusSearch(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search-field]')
  field?.focus()
  field?.select()
}
