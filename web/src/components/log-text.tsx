import { useMemo } from 'react'
import { splitVisible } from '../lib/visible-text'
import './marks.css'

/** Text from a log: always text, in its own direction, with what would hide in it made visible. `lines` keeps line breaks. */
export function LogText({ text, lines = false }: { text: string; lines?: boolean }) {
  const pieces = useMemo(() => splitVisible(text, lines), [text, lines])
  return (
    <bdi className={lines ? 'log-text log-text-lines' : 'log-text'}>
      {pieces.map((piece, index) =>
        'text' in piece ? (
          piece.text
        ) : (
          <span key={index} className="hidden-mark" title={piece.name}>
            {piece.mark}
          </span>
        ),
      )}
    </bdi>
  )
}
