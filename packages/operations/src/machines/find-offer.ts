import { InvalidRequest, NoCapacity, type Offer, withProblems } from "anygpu"
import { runPromise } from "effect/Effect"
import type { OperationContext } from "../context.ts"
import { offerRef } from "../protocol/model.ts"
import { shortRef } from "../text/short-ref.ts"
import { mayBeShort } from "./may-be-short.ts"
import { parseRef } from "./parse-ref.ts"

/**
 * The offer that a text names, as `offers` prints it: `vast/container/5120042`.
 *
 * - It is read from the market: `NoCapacity` when it is not there any more.
 * - `minDiskMiB` is the disk that its price includes; `interruptible` takes the offer that may be taken away.
 */
export const findOffer = async (
  { gpu, out, signal }: OperationContext,
  text: string,
  more: { readonly minDiskMiB?: number | undefined; readonly interruptible?: boolean } = {}
): Promise<Offer> => {
  const wanted = text.trim()
  const ref = parseRef(wanted)
  if (!ref) throw InvalidRequest.of("offer", `"${text}" is not an offer: write it as \`anygpu offers\` prints it`)
  const { minDiskMiB, interruptible = false } = more
  const client = await gpu()
  const listing = await out.during("asking for the offer", () =>
    client.offers({ kind: ref.kind, interruptible, ...(minDiskMiB !== undefined && { minDiskMiB }), signal })
  )
  const named = listing.items.filter((offer) => [offerRef(offer), shortRef(offerRef(offer))].includes(wanted))
  const [offer, ...others] = named
  if (others.length > 0) {
    const all = named.map((one) => `  ${offerRef(one)}`).join("\n")
    throw InvalidRequest.of("offer", `"${wanted}" fits ${named.length} offers; write one of them whole:\n${all}`)
  }
  if (offer) return offer
  const problem = listing.problems.find(({ provider }) => provider === ref.provider)
  const gone = new NoCapacity({ message: `${wanted} is not on the market any more`, retry: "permanent" })
  throw withProblems(problem?.error ?? gone, listing.problems)
}

/**
 * The whole name of the offer that a text names, also where tables print it in short.
 *
 * - A whole name is taken as it is. A short one is that of the launch that holds `key`, or is looked for on the market.
 */
export const offerName = async (
  context: OperationContext,
  text: string,
  { key, ...more }: { readonly key: string | undefined } & Parameters<typeof findOffer>[2]
): Promise<string> => {
  const wanted = text.trim()
  const ref = parseRef(wanted)
  if (ref && !mayBeShort(ref.provider, ref.id)) return wanted
  const held = key === undefined ? [] : await runPromise((await context.ledger()).launches({ key }))
  const launches = held.filter(({ state }) => state !== "refused")
  const names = launches.map(({ provider, kind, offerId }) => `${provider}/${kind}/${offerId}`)
  return names.findLast((name) => shortRef(name) === wanted) ?? offerRef(await findOffer(context, wanted, more))
}
