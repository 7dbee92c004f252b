import { CodeSnippet } from '../../components/code-snippet'
import { EmptyState } from '../../components/empty-state'

const OF_THE_SDK = `import { groundtrack } from '@groundtrack/sdk'

groundtrack({ service: 'cart', version: '1.0', address: 'http://10.0.0.3:8080' })`

/** No process ever said that it is there: two ways to say so. */
export function NoNodes() {
  const body = '{"service":"cart","version":"1.0","environment":"sandbox","ttlSeconds":60}'
  return (
    <EmptyState title="No node yet">
      <p>A process that uses the SDK registers itself, and says every ten seconds that it is there. It appears here within a second.</p>
      <CodeSnippet title="In your service" code={OF_THE_SDK} />
      <CodeSnippet
        title="From a shell, for a minute"
        code={`curl -X PUT -H 'content-type: application/json' -d '${body}' ${location.origin}/v1/nodes/0193b6de-1f5c-7c3a-9c4e-2f8a51d0b7e1`}
      />
    </EmptyState>
  )
}
