/** Sizes of the picture, in pixels. */
export const AXIS_WIDTH = 72
export const PADDING = 14
const LEAST_LANE = 116
const MOST_LANE = 420

/** Lanes share the room that is there, and are never too narrow for their names. */
export function laneWidth(room: number, lanes: number): number {
  return Math.min(MOST_LANE, Math.max(LEAST_LANE, Math.floor((room - AXIS_WIDTH) / Math.max(1, lanes))))
}
