import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { announce } from './announcer'

const SHOWN_MS = 1_500

/** Puts text on the clipboard and says that it did. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      announce('Copied')
      setTimeout(() => setCopied(false), SHOWN_MS)
    } catch {
      announce('The browser does not let this page copy')
    }
  }
  return (
    <button type="button" className="button button-icon" title={label} aria-label={label} onClick={() => void copy()}>
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
    </button>
  )
}
