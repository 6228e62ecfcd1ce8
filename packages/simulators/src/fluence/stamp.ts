const hour = 3_600_000
const day = 86_400_000

/** The epoch of the CPU family changes at this time of day. Source: Fluence docs, Manage your deployments (17:55 UTC). */
const epochChange = (17 * 60 + 55) * 60_000

/** The next full clock hour after a moment. */
export const nextHour = (at: number): number => (Math.floor(at / hour) + 1) * hour

/** The next 17:55 UTC after a moment. */
export const nextEpoch = (at: number): number => (Math.floor((at - epochChange) / day) + 1) * day + epochChange

/** `2026-02-07T14:42:29.472000Z`: GPU instances. Source: Fluence docs, Manage instances. */
export const inMicros = (at: number): string => `${new Date(at).toISOString().slice(0, -1)}000Z`

/** `+002025-03-28T16:26:38.808000000Z`, an expanded year and nanoseconds: SSH keys. Source: Fluence docs, Manage SSH keys. */
export const expanded = (at: number): string => `+00${new Date(at).toISOString().slice(0, -1)}000000Z`
