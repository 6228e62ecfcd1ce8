import type { DoctorJson } from "../protocol/answers/doctor.ts"

/** One thing that was looked at, and how it is. */
export type Check = DoctorJson["checks"][number]

/** Something in a cloud's answers that the adapter does not know. */
export type Drift = DoctorJson["drift"][number]

/** How one thing is: `bad` with what to do about it. */
export const check = (about: string, what: string, state: Check["state"], found: string, advice?: string): Check => ({
  ...{ about, check: what, state, found },
  advice: advice ?? null
})
