import { type Intent, judge } from "@anygpu/core"
import { factsOf, lifecycle } from "./lifecycle.ts"
import { Instance } from "./wire.ts"

export const now = Date.UTC(2026, 0, 1, 12)
export const minute = 60_000

/** The part of a payload that decides its status. */
export interface Row {
  readonly actual: string | null
  readonly intended: string | null
  readonly cur?: string | null
  readonly next?: string | null
  readonly bid?: boolean
  readonly message?: string
  readonly ends?: number
}

/** What a payload and the last thing asked, so many milliseconds ago, amount to. */
export const judged = (
  { actual, intended, cur = null, next = null, bid, message, ends }: Row,
  asked?: Intent["action"],
  ago = 0
) => {
  const native = Instance.parse({
    id: 7,
    actual_status: actual,
    intended_status: intended,
    cur_state: cur,
    next_state: next,
    status_msg: message ?? null,
    is_bid: bid ?? false,
    end_date: ends ?? now / 1000 + 86_400
  })
  return judge(lifecycle, factsOf(native, { intent: asked ? { action: asked, at: now - ago } : null, now }))
}

/** The message of a container that cannot be made. */
export const oci =
  "Error response from daemon: failed to create task: OCI runtime create failed: unresolvable CDI devices"
