import type { LaunchOptions, Offer } from "@anygpu/core"

/**
 * The disk that a machine gets: what is asked for or in the offer's price, whichever is more, where its size is chosen at the
 * launch; else the offer's own. Null when its cloud does not say.
 */
export const diskOf = ({ diskMiB = null }: Offer, { diskMiB: asked }: Partial<LaunchOptions>): number | null =>
  asked === undefined ? diskMiB : Math.max(asked, diskMiB ?? 0)
