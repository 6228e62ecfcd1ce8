import { errorShape, time } from "@anygpu/operations/protocol"
import { z } from "zod"

/** The data of the events of `POST /api/v1/<operation>/follow`, by the name of the event. */
export const followShapes = {
  answer: z.object({ at: time, answer: z.unknown().describe("as the operation answers") }),
  lines: z.object({
    at: time,
    lines: z.array(z.string()).describe("those that are new, oldest first"),
    sure: z.boolean().describe("false: some may be missing, or be there twice")
  }),
  same: z.object({ at: time }).describe("it was looked again, and nothing is new"),
  problem: z.object({ at: time, error: errorShape }).describe("a look failed; the next one follows"),
  end: z.object({ at: time, why: z.string() })
} as const

/** The name of an event of a stream that follows an operation. */
export type FollowEvent = keyof typeof followShapes

/** The data of such an event. */
export type FollowJson<Event extends FollowEvent> = z.output<(typeof followShapes)[Event]>
