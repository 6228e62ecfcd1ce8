import { errorShape } from "@anygpu/operations/protocol"
import { z } from "zod"

/** The body of every answer from 400 on. */
export const failureShape = z.object({ error: errorShape }).meta({ id: "Failure" })

/** What went wrong, in JSON. */
export type FailureJson = z.output<typeof failureShape>
