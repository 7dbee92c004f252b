import { useEffect, useState } from 'react'

const ANNOUNCED = 'groundtrack:announce'
const SHOWN_MS = 2_500

/** Says something short at the foot of the page, aloud too. */
export function announce(words: string): void {
  window.dispatchEvent(new CustomEvent(ANNOUNCED, { detail: words }))
}

export function Announcer() {
  const [words, setWords] = useState('')
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const listen = (event: Event) => {
      if (!(event instanceof CustomEvent) || typeof event.detail !== 'string') return
      clearTimeout(timer)
      setWords(event.detail)
      timer = setTimeout(() => setWords(''), SHOWN_MS)
    }
    window.addEventListener(ANNOUNCED, listen)
    return () => {
      clearTimeout(timer)
      window.removeEventListener(ANNOUNCED, listen)
    }
  }, [])
  return (
    <div className="announcer" role="status" data-shown={words !== ''}>
      {words}
    </div>
  )
}
