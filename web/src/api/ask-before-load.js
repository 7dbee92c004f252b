// Runs before the viewer itself is loaded: a page that opens on a session asks the collector for it at once, and for its own code, so
// that all take their time together. ask-ahead.ts takes the answers; what it does not take is thrown away.
;(() => {
  const id = /^\/s\/([0-9a-f]{32})\/?$/.exec(location.pathname)?.[1]
  if (id === undefined) return
  for (const href of document.currentScript?.dataset.sessionPage?.split(' ') ?? [])
    document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }))
  const order = new URLSearchParams(location.search).get('order')
  const session = `/api/v1/sessions/${id}`
  const rows = `${session}/events?order=${order === 'cause' || order === 'clock' ? order : 'tree'}&from=0&limit=500`
  window.askedAhead = new Map(
    [session, rows].map((url) => {
      const answer = fetch(url, { headers: { accept: 'application/json' } })
      answer.catch(() => {}) // who takes it asks again
      return [url, { answer, askedMs: performance.now() }]
    }),
  )
})()
