import { CopyButton } from '../../components/copy-button'

/** One way to begin: what it does, and what to type. */
export function GuideStep({ title, words, code }: { title: string; words: string; code: string }) {
  return (
    <li className="guide-step">
      <h3>{title}</h3>
      <p>{words}</p>
      <div className="guide-code">
        <pre>
          <code>{code}</code>
        </pre>
        <CopyButton text={code} label={`Copy: ${title}`} />
      </div>
    </li>
  )
}
