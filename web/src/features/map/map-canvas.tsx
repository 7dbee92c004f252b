import type { MapEdge, ServiceMap } from '@groundtrack/collector/api'
import { Maximize, Minus, Plus } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { holdsAll, splitWords } from '../../lib/board-groups'
import { smoothPath, type MapLayout } from '../../lib/map-layout'
import { EDGE_TONES, edgeKey, edgeWidth, toneOf } from '../../lib/map-words'
import { EdgeLabel } from './edge-label'
import { ServiceBox } from './service-box'
import { useDragToScroll } from './use-drag-to-scroll'
import { useFit } from './use-fit'

interface MapCanvasProps {
  map: ServiceMap
  layout: MapLayout
  words: string
  shown: string | undefined
  onShow: (show: string) => void
}

const ZOOM_STEP = 1.25
/** Below this scale labels can't be read: only those of calls that fail are drawn. */
const READABLE = 0.55

/** The map as a picture, whose boxes and labels can be pressed. The table beside it says the same. */
export function MapCanvas({ map, layout, words, shown, onShow }: MapCanvasProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const fit = useFit(scroller, layout)
  const [zoom, setZoom] = useState(1)
  useDragToScroll(scroller)
  const scale = fit * zoom
  const services = useMemo(() => new Map(map.services.map((service) => [service.id, service])), [map.services])
  const edges = useMemo(() => new Map(map.edges.map((edge) => [edgeKey(edge), edge])), [map.edges])
  const heard = useMemo(() => new Set(map.edges.filter(({ calls }) => calls > 0).flatMap(({ from, to }) => [from, to])), [map.edges])
  const wanted = splitWords(words)
  const isDim = (...names: string[]) => wanted.length > 0 && !names.some((name) => holdsAll(name.toLowerCase(), wanted))
  const isFar = (key: string) => isDim(...key.split('>')) || (shown !== undefined && !touches(key, shown))
  return (
    <section className="map-canvas" aria-label="Map of services">
      <div className="map-scroll" ref={scroller}>
        <div className="map-sheet" style={{ width: layout.width * scale, height: layout.height * scale }}>
          <div
            className="map-zoomed"
            data-far={scale < READABLE}
            style={{ width: layout.width, height: layout.height, transform: `scale(${scale})` }}
          >
            <svg width={layout.width} height={layout.height} aria-hidden>
              <Arrowheads />
              {[...layout.edges].map(([key, { points }]) => (
                <EdgeLine
                  key={key}
                  d={smoothPath(points)}
                  edge={edges.get(key)}
                  isShown={shown !== undefined && touches(key, shown)}
                  isDim={isFar(key)}
                />
              ))}
            </svg>
            {[...layout.edges].map(([key, { label }]) => (
              <EdgeLabel
                key={key}
                edge={edges.get(key)}
                place={label}
                isShown={key === shown}
                isDim={isFar(key)}
                onPress={() => onShow(key)}
              />
            ))}
            {[...layout.services].map(([id, place]) => (
              <ServiceBox
                key={id}
                id={id}
                service={services.get(id)}
                isHeard={heard.has(id)}
                place={place}
                isShown={id === shown}
                isDim={isDim(id)}
                onPress={() => onShow(id)}
              />
            ))}
          </div>
        </div>
      </div>
      <div className="map-zoom" role="group" aria-label="Size of the map">
        <button
          type="button"
          className="button button-icon"
          aria-label="Larger"
          title="Larger"
          onClick={() => setZoom(Math.min(4, zoom * ZOOM_STEP))}
        >
          <Plus size={15} aria-hidden />
        </button>
        <button
          type="button"
          className="button button-icon"
          aria-label="Smaller"
          title="Smaller"
          onClick={() => setZoom(Math.max(0.5, zoom / ZOOM_STEP))}
        >
          <Minus size={15} aria-hidden />
        </button>
        <button type="button" className="button button-icon" aria-label="All of it" title="All of it" onClick={() => setZoom(1)}>
          <Maximize size={14} aria-hidden />
        </button>
      </div>
    </section>
  )
}

interface EdgeLineProps {
  d: string
  edge: MapEdge | undefined
  isShown: boolean
  isDim: boolean
}

function EdgeLine({ d, edge, isShown, isDim }: EdgeLineProps) {
  const tone = toneOf(edge)
  return (
    <path
      className="map-edge"
      d={d}
      data-tone={tone}
      data-shown={isShown}
      data-dim={isDim}
      strokeWidth={edge === undefined || edge.calls === 0 ? 1.25 : edgeWidth(edge.callsPerSecond)}
      markerEnd={`url(#arrow-${tone})`}
    />
  )
}

function Arrowheads() {
  return (
    <defs>
      {EDGE_TONES.map((tone) => (
        <marker
          key={tone}
          id={`arrow-${tone}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0.5 8 4 0 7.5z" className="map-arrow" data-tone={tone} />
        </marker>
      ))}
    </defs>
  )
}

/** It is what is shown, or begins or ends there. */
function touches(key: string, shown: string): boolean {
  return key === shown || key.startsWith(`${shown}>`) || key.endsWith(`>${shown}`)
}
