import {
  type GpuError,
  InvalidRequest,
  Network,
  NoCapacity,
  OutOfFunds,
  PermissionDenied,
  RateLimited,
  withContext
} from "@anygpu/core"

/** What becomes of a launch on an offer. */
export type Fate =
  | "boots"
  | "no-capacity"
  | "breaks"
  | "no-hardware"
  | "never-boots"
  | "answer-lost"
  | "answer-lost-unmade"
  | "unreachable"
  | "unpaid"
  | "over-quota"
  | "limited"
  | "not-here"
  | "wrong-image"
  | "bad-host"

/** What a create on an offer is refused with. */
export const refusals: { readonly [F in Fate]?: GpuError } = {
  "no-capacity": new NoCapacity({ message: "taken", retry: "permanent" }),
  "answer-lost": new Network({ message: "the answer was lost", retry: "temporary", sent: "maybe" }),
  "answer-lost-unmade": new Network({ message: "the answer was lost", retry: "temporary", sent: "maybe" }),
  "not-here": withContext(InvalidRequest.of("os", "this region lacks it"), { reach: "here" }),
  unpaid: new OutOfFunds({ message: "the account is empty", retry: "permanent", ownLimit: false }),
  "over-quota": new PermissionDenied({ message: "the quota of 4 GPUs is used up", retry: "permanent" }),
  limited: new RateLimited({ message: "called too often", retry: "exhausted" }),
  unreachable: new Network({ message: "cannot be reached", retry: "temporary", sent: "no" })
}

/** The words of Docker about a boot. */
export const said: { readonly [F in Fate]?: string } = {
  "wrong-image": "Error response from daemon: manifest for me/train:nope not found: manifest unknown",
  "bad-host": "failed to inject CDI devices: unresolvable CDI devices"
}
