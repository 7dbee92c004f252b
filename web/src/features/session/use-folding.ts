import { useMemo } from 'react'
import { foldedSpans, foldService, foldStep, isServiceFolded, readFolds, writeFolds } from '../../lib/folds'
import type { Story } from '../../lib/session-story'
import type { ChangeSession } from './session-page'

export interface Folding {
  /** Spans of the steps that are folded. */
  spans: ReadonlySet<string>
  isServiceFolded: (service: string) => boolean
  foldStep: (span: string, folded: boolean) => void
  foldService: (service: string, folded: boolean) => void
}

/** Which steps are folded. The link says so. */
export function useFolding(story: Story, fold: string | undefined, change: ChangeSession): Folding {
  return useMemo(() => {
    const folds = readFolds(fold)
    return {
      spans: foldedSpans(folds, story),
      isServiceFolded: (service) => isServiceFolded(folds, service),
      foldStep: (span, folded) => change({ fold: writeFolds(foldStep(folds, story, span, folded)) }),
      foldService: (service, folded) => change({ fold: writeFolds(foldService(folds, story, service, folded)) }),
    }
  }, [story, fold, change])
}
