import { type Refusal, refusals, usualRefusals } from "@anygpu/core/adapter"

/**
 * What the cloud's refusals mean, the first row that fits; what no row knows is judged by its status.
 *
 * - A row matches status, words and operation together.
 * - `NotFound` is made here and nowhere else, of the cloud's own words that a machine does not exist (`under` the names of
 *   its own JSON): a 404 alone may be a gateway's, and the machine there.
 */
const rules: ReadonlyArray<Refusal> = [...usualRefusals]

/** Asked about every answer, also about 2xx: for a cloud that refuses with 200, say so in `refusesInSuccess`. */
export const classify = refusals({ cloud: "the cloud", rules })
