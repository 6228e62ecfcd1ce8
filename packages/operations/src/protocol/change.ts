import { z } from "zod"
import { errorShape } from "./error-shape.ts"
import { machineShape } from "./machine.ts"
import { time } from "./parts.ts"

/** `anygpu watch --json`, a line each. */
export const watchShape = z.discriminatedUnion("type", [
  z.object({
    type: z.enum(["appeared", "status", "endpoints", "billing", "price", "vanished"]),
    at: time,
    machine: machineShape,
    before: machineShape.nullable()
  }),
  z.object({
    type: z.enum(["stale", "incomplete", "resumed"]),
    at: time,
    provider: z.string(),
    kind: z.string(),
    since: time,
    errors: z.array(errorShape)
  })
])

/** A change in JSON. */
export type WatchJson = z.output<typeof watchShape>
