import type { GpuError } from "../../packages/core/src/index.ts"

/** What follows from each error; a new one does not compile without its line. */
export const advice: Readonly<Record<GpuError["_tag"], { readonly retry: string; readonly todo: string }>> = {
  Unsupported: { retry: "permanent", todo: "Ask `supports` or look at `capabilities` and `launchOptions` first." },
  IllegalAction: { retry: "temporary", todo: "Wait for a status that allows it; `legal` lists what is allowed now." },
  InvalidRequest: { retry: "permanent", todo: "Correct each of `issues`: path and problem." },
  Unauthenticated: { retry: "permanent", todo: "Check the API key." },
  PermissionDenied: { retry: "permanent", todo: "Check what the key and the account may do." },
  NotFound: { retry: "permanent", todo: "`list()` shows what is there." },
  Conflict: {
    retry: "temporary; permanent when waiting cannot help",
    todo: "Look at the machine's status; a wait ends with this when the machine was stopped, interrupted or ended."
  },
  NoCapacity: {
    retry: "permanent for an offer that is gone; temporary for a start that may succeed later",
    todo: "List the offers again and take another one."
  },
  OutOfFunds: { retry: "permanent", todo: "Add credit, take a cheaper offer, or raise `maxPerHour`." },
  RateLimited: {
    retry: "temporary, then exhausted",
    todo: "It was repeated within limits already. Wait for `retryAfter` before the next call."
  },
  Timeout: {
    retry: "temporary, or exhausted after repeats",
    todo: "From a wait or a terminate: the machine is still there and may cost money. Wait longer, or terminate it."
  },
  Network: {
    retry: "temporary, or exhausted after repeats; permanent for a bad address or certificate",
    todo: "Check the network and `baseUrl`."
  },
  ProviderFault: {
    retry: "temporary, or exhausted after repeats; permanent where the cloud says so",
    todo: "Try later. A machine that failed may still exist and cost money: terminate it."
  },
  BadResponse: {
    retry: "permanent for another shape; temporary for an answer that is not JSON",
    todo: "Look for a newer version, or check `baseUrl`. `path` names the field."
  },
  LaunchUnsettled: {
    retry: "temporary",
    todo: "Do not launch again. Call `recover()` later, or look for `marker` in the cloud's console."
  }
}
