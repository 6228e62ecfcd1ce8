import { type Instance, InstanceRef, InvalidRequest, kinds, NoCapacity, NotFound, type Offer } from "anygpu"
import { cloudNames } from "./catalogue/options.ts"
import type { Context } from "./context.ts"
import { plain } from "./plain.ts"

/** `vast/container/123` as a ref; null when the text is not a whole one. */
const wholeRef = (text: string): InstanceRef | null => {
  const [cloud, kind, ...rest] = text.split("/")
  const [provider, known] = [cloudNames.find((name) => name === cloud), kinds.find((name) => name === kind)]
  const id = rest.join("/")
  return provider && known && id ? new InstanceRef(provider, known, id) : null
}

const nameOf = ({ ref, name, status }: Instance): string => `${ref} (${plain(name ?? "no name")}, ${status})`

/** Those that a text names: by its whole id or name if there are such, otherwise by any part of ref or name. */
const matching = (machines: ReadonlyArray<Instance>, text: string): ReadonlyArray<Instance> => {
  const exact = machines.filter(({ ref, name }) => ref.id === text || name === text)
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
  const whole = wholeRef(text.trim())
  if (whole) return whole
  const wanted = text.trim()
  if (wanted === "") throw InvalidRequest.of("ref", "is empty: name a machine as `anygpu list` prints it")
  const client = await gpu()
  const listing = await out.during("asking for machines", () => client.list({ signal }))
  const fitting = matching(listing.items, wanted)
  const alive = fitting.filter(({ status }) => status !== "terminated")
  const found = alive.length > 0 ? alive : fitting
  const [first, ...others] = found
  if (others.length > 0) {
    throw InvalidRequest.of(
      "ref",
      `"${wanted}" fits ${found.length} machines; write one of them whole:\n${found.map((one) => `  ${nameOf(one)}`).join("\n")}`
    )
  }
  if (!listing.complete) {
    const why = listing.problems.map(({ provider, error }) => `${provider}: ${error.message}`).join("; ")
    const near = first ? `, such as ${first.ref}` : ""
    throw InvalidRequest.of("ref", `a list is incomplete (${why}): write the whole ref${near}, not "${wanted}"`)
  }
  if (!first) throw new NotFound({ message: `No machine fits "${wanted}": see anygpu list`, retry: "permanent" })
  return first.ref
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
  { minDiskMiB, interruptible = false }: { readonly minDiskMiB?: number | undefined; readonly interruptible?: boolean }
): Promise<Offer> => {
  const ref = wholeRef(text.trim())
  if (!ref) throw InvalidRequest.of("offer", `"${text}" is not an offer: write it as \`anygpu offers\` prints it`)
  const client = await gpu()
  const filter = { kind: ref.kind, interruptible, ...(minDiskMiB !== undefined && { minDiskMiB }) }
  const listing = await out.during("asking for the offer", () => client.offers({ ...filter, signal }))
  const offer = listing.items.find(({ id, provider }) => id === ref.id && provider === ref.provider)
  if (offer) return offer
  const problem = listing.problems.find(({ provider }) => provider === ref.provider)
  throw problem?.error ?? new NoCapacity({ message: `${ref} is not on the market any more`, retry: "permanent" })
}
