import { launchedShape, quoteShape } from "@anygpu/operations/protocol"
import { z } from "zod"

/** `anygpu launch --json`: the answer of the operation, with the files of the keys. */
export const launchShape = launchedShape.extend({
  quote: quoteShape
    .extend({
      sshKeys: z
        .array(z.string())
        .describe("the files of the public keys that may log in; empty: this launch lets nobody in by ssh")
    })
    .nullable()
    .describe("null: an earlier launch with the same key answers, and nothing was rented now")
})

/** A launch in JSON. */
export type LaunchJson = z.output<typeof launchShape>
