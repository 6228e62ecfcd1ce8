import type { BillingState } from "anygpu"

/** What is paid for a machine right now, in words. */
export const billingTexts: Readonly<Record<BillingState, string>> = {
  compute: "GPU and disk",
  storage: "only the disk",
  none: "nothing",
  unknown: "not known"
}
