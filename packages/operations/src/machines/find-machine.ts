import {
  type GpuError,
  type Instance,
  type InstanceRef,
  InvalidRequest,
  type LaunchRecord,
  LaunchUnsettled,
  type Listing,
  NotFound,
  ProviderFault,
  visible,
  withContext
} from "anygpu"
import { runPromise } from "effect/Effect"
import type { OperationContext } from "../context.ts"
import { Declined } from "../declined.ts"
import { mayBeShort } from "./may-be-short.ts"
import { type Known, knownFrom, namedBy } from "./naming.ts"
import { parseRef } from "./parse-ref.ts"

/** How far a part of a name goes. */
export interface Naming {
  /** Nothing is changed by what follows: a part that fits one machine only is taken for it, and that is said. */
  readonly reads?: boolean
  /** Nobody is to be asked. */
  readonly yes?: boolean
}

/** What is known of all machines at one moment, and what is missing from that. */
interface Look {
  readonly known: ReadonlyArray<Known>
  readonly launches: ReadonlyArray<LaunchRecord>
  readonly asked: ReadonlyArray<string>
  readonly listing: Listing<Instance>
}

const lookAround = async ({ gpu, ledger, clouds, out, signal }: OperationContext): Promise<Look> => {
  const [client, accounts, own] = [await gpu(), await clouds(), await ledger()]
  const providers = accounts.flatMap(({ kinds: all }) => Object.values(all))
  // Read before the lists: what is launched in between is in those.
  const launches = await runPromise(own.launches())
  const records = await Promise.all(providers.map(({ provider, kind }) => runPromise(own.machines(provider, kind))))
  const listing = await out.during("asking for machines", () => client.list({ signal }))
  const asked = accounts.map(({ name }) => name)
  const isWhole = (cloud: string) => asked.includes(cloud) && unresolved("", listing, cloud) === null
  const remembered = records.flatMap((all) => Array.from(all.values()))
  return { known: knownFrom({ machines: listing.items, isWhole }, launches, remembered), launches, asked, listing }
}

/**
 * The error for a name that the lists leave open, of one cloud or of all: that of the cloud which could not be listed,
 * as nothing is wrong with the name. Null when the lists are sure.
 */
const unresolved = (text: string, listing: Listing<Instance>, cloud?: string, near?: Known): GpuError | null => {
  const { complete, problems } = listing
  const lacking = problems.filter(({ provider, field }) => !field && (cloud === undefined || provider === cloud))
  const [first] = lacking
  if (complete || (!first && problems.length > 0)) return null
  const why = lacking.map(({ provider, error }) => `${provider}: ${error.message}`).join("; ")
  const such = near ? `, such as ${near.ref}` : ""
  const message = `ref: a list is incomplete (${why || "a part of it could not be had"}): write the whole ref${such}, not "${text}"`
  return first ? withContext(first.error, { message, problems }) : new ProviderFault({ message, retry: "temporary" })
}

const described = ({ ref, name, launchedAs, isThere, machine }: Known): string => {
  const called = name ?? launchedAs ?? "no name"
  const status = !isThere ? "has ended" : (machine?.status ?? "not listed")
  const before = launchedAs !== null && !called.startsWith(launchedAs) ? `, launched as ${launchedAs}` : ""
  return visible(`${ref} (${called}${before}, ${status})`)
}

/** So many machines are named in an error; the others are counted. */
const mostLines = 10

const linesOf = (known: ReadonlyArray<Known>): string => {
  const more = known.length > mostLines ? [`  and ${known.length - mostLines} more`] : []
  return [...known.slice(0, mostLines).map((one) => `  ${described(one)}`), ...more].join("\n")
}

/** Asks which of the machines that have a text as a part is meant. */
const askWhich = async (
  { asker, out }: OperationContext,
  text: string,
  of: ReadonlyArray<Known>
): Promise<InstanceRef> => {
  const nothing = "none of them"
  out.say(`No machine has "${visible(text)}" as its whole name, id or ref.`)
  const [first, ...others] = of
  if (first && others.length === 0) {
    out.say(`A part of it fits:\n${linesOf(of)}`)
    if (await asker.confirm("Do you mean this one?")) return first.ref
    throw new Declined("Nothing was changed.")
  }
  const choices = new Map(of.map((one) => [described(one), one.ref]))
  const chosen = choices.get(await asker.choose("Which one do you mean?", [nothing, ...choices.keys()]))
  if (chosen) return chosen
  throw new Declined("Nothing was changed.")
}

/** The machine that a text is a part of, where that is enough. */
const byPart = async (context: OperationContext, text: string, of: ReadonlyArray<Known>, { reads, yes }: Naming) => {
  const { asker, out, wholeNames } = context
  const [first, ...others] = of
  if (first && others.length === 0 && reads && !wholeNames) {
    out.note(`"${text}" is taken for ${described(first)}`)
    return first.ref
  }
  const isThere = of.some((one) => one.isThere)
  if (isThere && !yes && !wholeNames && asker.possible) return await askWhich(context, text, of)
  if (reads && others.length > 0 && !wholeNames) {
    throw InvalidRequest.of("ref", `"${text}" fits ${of.length} machines; write one of them whole:\n${linesOf(of)}`)
  }
  return null
}

/** Nothing is known by this name, or only something that it is a part of. */
const unknown = (text: string, of: ReadonlyArray<Known>, asked: ReadonlyArray<string>): NotFound => {
  const advice = of.some(({ isThere }) => isThere)
    ? `A part of a name or ref is not enough here: write the machine that is meant whole, or leave it.\n${linesOf(of)}`
    : "anygpu list shows what is there."
  const message = `No such machine is known here: "${text}" is neither on the accounts (${asked.join(", ")}) nor in the ledger. ${advice}`
  return new NotFound({ message, retry: "permanent" })
}

/** A launch with this name or marker of which it is not known whether a machine came of it. */
const unsettledBy = (text: string, launches: ReadonlyArray<LaunchRecord>): LaunchUnsettled | null => {
  const launch = launches.findLast(
    ({ name, marker, state, instanceId }) =>
      (name === text || marker === text) && instanceId === null && (state === "open" || state === "unsettled")
  )
  if (!launch) return null
  const message =
    `Whether a machine came of the launch "${launch.name}" (${launch.marker}) is not known yet. ` +
    "Look with anygpu audit --recover, then name the machine"
  return new LaunchUnsettled({ message, retry: "temporary", provider: launch.provider, marker: launch.marker })
}

/** The machine that a text names, of those that are known. */
const chosenBy = async (context: OperationContext, text: string, look: Look, naming: Naming): Promise<InstanceRef> => {
  const whole = parseRef(text)
  const named = namedBy(text, look.known)
  if (named.type === "several") {
    const { known } = named
    throw InvalidRequest.of("ref", `"${text}" names ${known.length} machines; write the ref of one:\n${linesOf(known)}`)
  }
  if (named.type === "one" && String(named.known.ref) === text) return named.known.ref
  const [near] = named.type === "one" ? [named.known] : named.of
  const error = unresolved(text, look.listing, whole?.provider, near)
  if (error) throw error
  const isThere = named.type === "one" && named.known.isThere
  const unsettled = isThere ? null : unsettledBy(text, look.launches)
  if (unsettled) throw unsettled
  if (named.type === "one") return named.known.ref
  const found = await byPart(context, text, named.of, naming)
  if (found) return found
  if (whole && named.of.length === 0) return whole
  throw unknown(text, named.of, look.asked)
}

/**
 * The machines that texts on the command line name: each by its whole ref, id or name. The rule itself is `namedBy`.
 *
 * - A whole ref is taken as it is, and nothing is asked. For everything else all accounts are listed once, and the
 *   ledger says what has ended: a name that it knows as ended names that machine and no other.
 * - A part of a name or ref only counts where nothing is changed by it, or where a person says which machine is meant;
 *   for agents never.
 * - `InvalidRequest` where several machines have the name. Where a list is incomplete nobody knows whether several have:
 *   then it is the error of the cloud that could not be listed. `NotFound` for what neither an account nor the ledger
 *   knows. `LaunchUnsettled` for the name of a launch that is not settled.
 */
export const findMachines = async (
  context: OperationContext,
  texts: ReadonlyArray<string | InstanceRef>,
  naming: Naming = {}
): Promise<ReadonlyArray<InstanceRef>> => {
  let look: Look | undefined
  const refs = new Map<string, InstanceRef>()
  for (const one of texts) {
    if (typeof one !== "string") {
      refs.set(String(one), one)
      continue
    }
    const text = one.trim()
    if (text === "") throw InvalidRequest.of("ref", "is empty: name a machine as `anygpu list` prints it")
    const whole = parseRef(text)
    const isWhole = whole && !mayBeShort(whole.provider, whole.id)
    if (!isWhole) look ??= await lookAround(context)
    const ref = isWhole || !look ? whole : await chosenBy(context, text, look, naming)
    if (ref) refs.set(String(ref), ref)
  }
  return [...refs.values()]
}

/** The machine that one text names; see {@link findMachines}. */
export const findMachine = async (
  context: OperationContext,
  text: string | InstanceRef,
  naming: Naming = {}
): Promise<InstanceRef> => {
  const [ref] = await findMachines(context, [text], naming)
  if (ref) return ref
  throw new Error("unreachable: one text names one machine")
}
