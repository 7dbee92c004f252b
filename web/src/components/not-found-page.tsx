import { Link } from '@tanstack/react-router'
import { EmptyState } from './empty-state'

export function NotFoundPage() {
  return (
    <EmptyState title="No such page" isPage>
      <p>This address leads nowhere here.</p>
      <Link to="/sessions" search={{}} className="button">
        Go to Sessions
      </Link>
    </EmptyState>
  )
}
