import { z } from "zod"

/** Which machine a tool is about. */
export const refInput = z
  .string()
  .min(1)
  .describe("a machine as `list` tells it: its whole ref (vast/container/123), id or name; never a part of one")
