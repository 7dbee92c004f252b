import { CopyButton } from './copy-button'
import './states.css'

/** Something to type or to write into a program. */
export function CodeSnippet({ title, code }: { title: string; code: string }) {
  return (
    <div className="code-snippet">
      <h3>{title}</h3>
      <div className="code-snippet-box">
        <pre>
          <code>{code}</code>
        </pre>
        <CopyButton text={code} label={`Copy: ${title}`} />
      </div>
    </div>
  )
}
