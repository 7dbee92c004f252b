import type { Call, Story } from './session-story'

/** The process that sent a call, and the one that got it or was meant to. */
export function callEnds({ view }: Call, story: Story): { from: string; to: string } {
  const caller = story.steps.get(view.span)
  const callee = story.steps.get(view.callees[0] ?? '')
  const name = (node: string | undefined) => (node === undefined ? undefined : story.processes.get(node)?.name)
  const target = view.target?.service ?? view.target?.address?.replace(/^https?:\/\//, '')
  return {
    from: name(caller?.hop.node) ?? 'a step',
    to: name(callee?.hop.node) ?? name(view.target?.node) ?? target ?? 'an unknown target',
  }
}
