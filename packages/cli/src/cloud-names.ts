/** The clouds that anygpu has itself, by the names that refs and options use. */
export const cloudNames = ["fluence", "huddle", "vast"] as const

/** One of {@link cloudNames}. */
export type CloudName = (typeof cloudNames)[number]
