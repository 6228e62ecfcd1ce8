import type { LaunchSpec } from "@anygpu/core"
import { unwritten } from "./unwritten.ts"
import type * as wire from "./wire.ts"

/** The launch options that this cloud honours; every other one is refused before anything is sent. */
export const launchOptions = [] as const

/** Those without which it cannot launch. */
export const requiredOptions = [] as const

/** A launch as this cloud takes it. */
export type Launch = LaunchSpec<"newcloud", "vm", (typeof launchOptions)[number]>

/** The request that rents; `name` is the one with the launch marker in it, and must arrive at the cloud. */
export const rentBody = (_launch: Launch, _name: string): wire.RentBody =>
  unwritten("src/from-domain.ts", "the request that rents, its fields in wire.RentBody, its options in launchOptions")

/** The most characters that the cloud takes in a name. */
export const longestName = 64
