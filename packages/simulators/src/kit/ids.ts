import type { Random } from "../random.ts"

/** A UUID of version 4; `variant` is the digit that says so. */
export const uuidOf = ({ hex }: Random, variant: "8" | "9" | "a" | "b" = "8"): string =>
  `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`

/** An address below the first two numbers of one: `addressOf(random, "95.216")`. */
export const addressOf = ({ integer }: Random, net: string): string => `${net}.${integer(1, 254)}.${integer(1, 254)}`
