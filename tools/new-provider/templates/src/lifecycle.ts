import type { Asked, Lifecycle } from "@anygpu/core"
import { unwritten } from "./unwritten.ts"
import type * as wire from "./wire.ts"

/**
 * Everything that a status depends on.
 *
 * - Where machines can be stopped, `asked` also knows `"stop"` and `"start"`, with a row for each state in which that makes
 *   a difference: step 3 of docs/adding-a-provider.md.
 */
export type NewCloudFacts = {
  readonly state: string | null
  readonly asked: "terminate" | "other"
}

const stateOf = (_native: wire.Machine): string | null =>
  unwritten("src/lifecycle.ts", "the field of a machine that says its state, and below a row for each documented state")

/** The facts of a machine: its payload and the last thing that was asked of it. */
export const factsOf = (native: wire.Machine, { intent }: Asked): NewCloudFacts => ({
  state: stateOf(native),
  asked: intent?.action === "terminate" ? "terminate" : "other"
})

const source = "NewCloud API reference, states"

/** What each state means and costs. The first row that matches wins; what no row knows is `unknown`. */
export const lifecycle: Lifecycle<NewCloudFacts> = {
  domain: { state: [null], asked: ["terminate", "other"] },
  rows: [
    // A row for each state that means gone stands here, before the one below.
    {
      when: { asked: "terminate" },
      status: "terminating",
      billing: "unknown",
      actions: ["terminate"],
      note: "we ended it and it is still there",
      source
    }
    // A row for each other state: { when: { state: "up" }, status: "running", billing: "compute", ... }
  ],
  fallback: { billing: "unknown", actions: ["terminate"] }
}
