import { z } from "zod"

const port = z.int().min(1).max(65_535)

const forwarded = z.object({
  port: port.describe("of the machine"),
  local: port.describe("of this computer"),
  url: z.string()
})

/** How ports are led to a computer. */
export const forwardShape = z.object({
  ref: z.string(),
  ports: z.array(forwarded),
  command: z.string(),
  ssh: z.string().describe("the same by ssh alone")
})

/** How ports are led to a computer, in JSON. */
export type ForwardJson = z.output<typeof forwardShape>

/** `anygpu forward --json` prints one of these a line, for each port that is open. */
export const openForwardShape = forwarded.extend({
  ref: z.string(),
  answers: z.boolean().describe("whether something takes connections there by now")
})

/** A port that is open, in JSON. */
export type OpenForwardJson = z.output<typeof openForwardShape>
