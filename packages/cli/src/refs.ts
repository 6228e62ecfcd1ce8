import { type Instance, InstanceRef, InvalidRequest, kinds, NoCapacity, NotFound, type Offer } from "anygpu"
import type { Context } from "./context.ts"
import { offerRef } from "./json/model.ts"
import { plain } from "./plain.ts"
import { mayBeShort, shortRef } from "./short.ts"

/** `vast/container/123` in its parts; null when the text is not a whole ref. Whether there is such a cloud is not asked. */
const parse = (text: string): InstanceRef | null => {
  const [cloud = "", kind, ...rest] = text.split("/")
  const known = kinds.find((name) => name === kind)
  const id = rest.join("/")
  return /^[a-z][a-z0-9-]*$/.test(cloud) && known && id ? new InstanceRef(cloud, known, id) : null
}

/** Whether a text is written as a machine or an offer, in whole or shortened: cloud, kind and id. */
export const isRef = (text: string): boolean => parse(text.trim()) !== null

const described = ({ ref, name, status }: Instance): string => `  ${ref} (${plain(name ?? "no name")}, ${status})`

/** Those that a text names: by its whole ref, id or name if there are such, otherwise by any part of ref or name. */
const matching = (machines: ReadonlyArray<Instance>, text: string): ReadonlyArray<Instance> => {
  const exact = machines.filter(({ ref, name }) =>
    [String(ref), shortRef(String(ref)), ref.id, name].some((one) => one === text)
  )
  if (exact.length > 0) return exact
  const part = text.toLowerCase()
  return machines.filter(({ ref, name }) => [String(ref), name ?? ""].some((one) => one.toLowerCase().includes(part)))
}

/**
 * The machine that a text on the command line names: its ref as `list` prints it, or a part of that or of its name.
 *
 * - A whole ref is taken as it is, and nothing is asked. For a part all accounts are listed.
 * - A part must fit one machine only. Where a list is incomplete nobody knows whether it does: then it is refused, as
 *   what follows may end the machine. Machines that are gone count only where nothing else fits.
 */
export const findMachine = async ({ gpu, out, signal }: Context, text: string): Promise<InstanceRef> => {
  const wanted = text.trim()
  const whole = parse(wanted)
  if (whole && !mayBeShort(whole.provider, whole.id)) return whole
  if (wanted === "") throw InvalidRequest.of("ref", "is empty: name a machine as `anygpu list` prints it")
  const client = await gpu()
  const listing = await out.during("asking for machines", () => client.list({ signal }))
  const fitting = matching(listing.items, wanted)
  const alive = fitting.filter(({ status }) => status !== "terminated")
  const found = alive.length > 0 ? alive : fitting
  const [first, ...others] = found
  if (others.length > 0) {
    const all = found.map(described).join("\n")
    throw InvalidRequest.of("ref", `"${wanted}" fits ${found.length} machines; write one of them whole:\n${all}`)
  }
  if (first && String(first.ref) === wanted) return first.ref
  if (!listing.complete) {
    const why = listing.problems.map(({ provider, error }) => `${provider}: ${error.message}`).join("; ")
    const near = first ? `, such as ${first.ref}` : ""
    throw InvalidRequest.of("ref", `a list is incomplete (${why}): write the whole ref${near}, not "${wanted}"`)
  }
  if (first) return first.ref
  if (whole) return whole
  throw new NotFound({ message: `No machine fits "${wanted}": see anygpu list`, retry: "permanent" })
}

/**
 * The offer that a text names, as `offers` prints it: `vast/container/5120042`.
 *
 * - It is read from the market: `NoCapacity` when it is not there any more.
 * - `minDiskMiB` is the disk that its price includes; `interruptible` takes the offer that may be taken away.
 */
export const findOffer = async (
  { gpu, out, signal }: Context,
  text: string,
  more: { readonly minDiskMiB?: number | undefined; readonly interruptible?: boolean } = {}
): Promise<Offer> => {
  const wanted = text.trim()
  const ref = parse(wanted)
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
  throw problem?.error ?? new NoCapacity({ message: `${wanted} is not on the market any more`, retry: "permanent" })
}
