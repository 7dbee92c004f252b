import { REJECTIONS, type RejectionCode } from '../errors.js'

/** An event that is not stored, finally. */
export interface Rejected {
  /** Line of the body, from 1. */
  line: number
  seq: number | null
  code: RejectionCode
  raw: Buffer
  session: string | null
  span: string | null
  /** The event's number in its hop. */
  number: number | null
}

/** As it stands in `rejected[]` of the answer. */
export function presentRejected({ line, seq, code }: Rejected) {
  return { line, ...(seq !== null && { seq }), code, message: REJECTIONS[code] }
}
