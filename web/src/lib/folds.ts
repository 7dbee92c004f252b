import type { Story } from './session-story'

const SERVICE = '@'

/** What a link says is folded: spans of steps, and "@service" for all steps of a service. */
export function readFolds(text: string | undefined): ReadonlySet<string> {
  return new Set((text ?? '').split(',').filter((each) => each !== ''))
}

/** As a link says it; undefined where nothing is folded. */
export function writeFolds(folds: ReadonlySet<string>): string | undefined {
  return folds.size === 0 ? undefined : [...folds].join(',')
}

/** Spans of all steps that are folded. */
export function foldedSpans(folds: ReadonlySet<string>, story: Story): ReadonlySet<string> {
  const spans = new Set([...folds].filter((each) => !each.startsWith(SERVICE)))
  if (spans.size === folds.size) return spans
  for (const { hop } of story.steps.values()) if (folds.has(SERVICE + hop.service)) spans.add(hop.span)
  return spans
}

/** Folds or unfolds one step. Unfolding one of a folded service leaves its others folded. */
export function foldStep(folds: ReadonlySet<string>, story: Story, span: string, folded: boolean): ReadonlySet<string> {
  const next = new Set(folds)
  if (folded) return next.add(span)
  next.delete(span)
  const service = story.steps.get(span)?.hop.service
  if (service !== undefined && next.delete(SERVICE + service))
    for (const other of spansOf(story, service)) if (other !== span) next.add(other)
  return next
}

/** Folds or unfolds all steps of a service. */
export function foldService(folds: ReadonlySet<string>, story: Story, service: string, folded: boolean): ReadonlySet<string> {
  const spans = new Set(spansOf(story, service))
  const next = new Set([...folds].filter((each) => !spans.has(each) && each !== SERVICE + service))
  return folded ? next.add(SERVICE + service) : next
}

export function isServiceFolded(folds: ReadonlySet<string>, service: string): boolean {
  return folds.has(SERVICE + service)
}

function spansOf(story: Story, service: string): string[] {
  return [...story.steps.values()].flatMap(({ hop }) => (hop.service === service ? [hop.span] : []))
}
