import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect } from 'react'
import { ApiFailure } from '../../api/client'
import { useSession } from '../../api/session'
import { askRowsAhead } from '../../api/session-rows'
import { EmptyState } from '../../components/empty-state'
import { PanelError } from '../../components/panel-error'
import { SearchBar } from '../../components/search-bar'
import { SkeletonRows } from '../../components/skeleton'
import { TopBar } from '../../components/top-bar'
import { readSessionId } from '../../lib/session-id'
import { changeSearch, type SessionSearch } from '../../lib/search-state'
import { SessionActions } from './session-actions'
import { SessionStory } from './session-story'
import './session.css'

export type ChangeSession = (changes: { [K in keyof SessionSearch]?: SessionSearch[K] | undefined }, replace?: boolean) => void

/** One session: who called whom, what each said, how long it took, what is missing. */
export function SessionPage() {
  const given = useParams({ from: '/s/$session' }).session
  const id = readSessionId(given)
  const search = useSearch({ from: '/s/$session' })
  const navigate = useNavigate({ from: '/s/$session' })
  const change: ChangeSession = useCallback(
    (changes, replace = true) => void navigate({ search: (now) => changeSearch(now, changes), replace }),
    [navigate],
  )
  return (
    <>
      <TopBar>
        <SearchBar
          value={search.q ?? ''}
          onSearch={(q) => change(q === '' ? { q: undefined, only: undefined } : { q, e: undefined, b: undefined })}
          label="Find in this session"
          placeholder="Find in this session, or paste an id"
        />
        {id !== undefined && <SessionActions id={id} follow={search.live !== '0'} change={change} />}
      </TopBar>
      {id === undefined ? <NoSuchSession id={given} /> : <LoadedSession key={id} id={id} search={search} change={change} />}
    </>
  )
}

function LoadedSession({ id, search, change }: { id: string; search: SessionSearch; change: ChangeSession }) {
  const { data, dataUpdatedAt, error, refetch } = useSession(id, search.live !== '0')
  const isNew = data === undefined
  const order = search.order ?? 'tree'
  useEffect(() => {
    if (isNew) askRowsAhead(id, order)
  }, [id, isNew, order])
  if (data) return <SessionStory id={id} view={data} seenMs={dataUpdatedAt} search={search} change={change} />
  if (error instanceof ApiFailure && error.status === 404) return <NoSuchSession id={id} onRetry={() => void refetch()} />
  if (error)
    return (
      <div className="session-failed">
        <h1 className="visually-hidden">Session {id}</h1>
        <PanelError error={error} onRetry={() => void refetch()} />
      </div>
    )
  return (
    <>
      <h1 className="visually-hidden">Session {id}</h1>
      <div className="session-head" aria-hidden>
        <SkeletonRows count={2} height={24} />
      </div>
      <SkeletonRows count={16} height={26} />
    </>
  )
}

function NoSuchSession({ id, onRetry }: { id: string; onRetry?: () => void }) {
  return (
    <EmptyState title="No such session" isPage>
      <p>
        <code className="no-session-id">{id}</code>
      </p>
      <p>
        {onRetry
          ? 'It may not have arrived yet, or it is older than what is kept.'
          : 'This is neither 32 hex digits, nor a UUID, nor a traceparent.'}
      </p>
      <div className="empty-actions">
        {onRetry && (
          <button type="button" className="button" onClick={onRetry}>
            Look again
          </button>
        )}
        <Link to="/sessions" search={{}} className="button">
          All sessions
        </Link>
      </div>
    </EmptyState>
  )
}
