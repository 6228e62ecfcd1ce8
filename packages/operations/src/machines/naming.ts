import { type Instance, InstanceRef, type LaunchRecord, type MachineRecord } from "anygpu"

/** One machine that a text may name, as the accounts and the ledger together know it. */
export interface Known {
  readonly ref: InstanceRef
  /** Its name now; null where no account shows it, or it has none. */
  readonly name: string | null
  /** The name of its launch; null when this ledger has not launched it. */
  readonly launchedAs: string | null
  readonly marker: string | null
  /** False when it has ended: its cloud shows it as such, or a whole list does not show it any more. */
  readonly isThere: boolean
  /** As it was listed. */
  readonly machine: Instance | null
}

/** What a text names. */
export type Named =
  /** One machine has it as its whole ref, id, marker or name. */
  | { readonly type: "one"; readonly known: Known }
  /** Several have. */
  | { readonly type: "several"; readonly known: ReadonlyArray<Known> }
  /** None has; these have it as a part. */
  | { readonly type: "part"; readonly of: ReadonlyArray<Known> }

/** Letters and digits, with single hyphens for everything else. */
const plainOf = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")

/** No cloud cuts a name to less than this. */
const leastKept = 10

/** Whether a cloud shows a name so: `My job` is `my-job` where fewer characters are allowed, and a long one is cut. */
const isFormOf = (shown: string, given: string): boolean => {
  const [short, long] = [plainOf(shown), plainOf(given)]
  return short === long || (short.length >= leastKept && long.startsWith(short))
}

/** Whether a machine is called so now. The name of its launch counts until it is given another one. */
const isCalled = ({ name, launchedAs, machine }: Known, text: string): boolean =>
  name === text || (launchedAs === text && (machine === null || (name !== null && isFormOf(name, text))))

/** Whether a text is an id of a machine: its own, its ref, its marker, or the label of name and marker that consoles show. */
const isIdOf = ({ ref, name, launchedAs, marker }: Known, text: string): boolean =>
  [String(ref), ref.id, marker].includes(text) ||
  (marker !== null && [name, launchedAs].some((one) => one !== null && `${one}-${marker}` === text))

/** Those that are there; when none is, the ones that have ended. */
const present = (fits: ReadonlyArray<Known>): ReadonlyArray<Known> => {
  const there = fits.filter(({ isThere }) => isThere)
  return there.length > 0 ? there : fits
}

/** The last one of those that have ended under one name: it has followed the others. */
const lastOf = (ended: ReadonlyArray<Known>): ReadonlyArray<Known> =>
  ended.some(({ isThere }) => isThere) ? ended : ended.slice(-1)

/**
 * Which machine a text names, of all that are known, oldest first.
 *
 * - Only a whole ref, id, marker or name counts, letter for letter. What merely contains the text is never taken for it.
 * - A machine that is there goes before those that had its name earlier. A name under which all have ended names the last
 *   of them: it is gone, and no machine with a similar name takes its place.
 * - An id is nobody's name: where it is the name of another machine too, both are meant, even when one has ended.
 */
export const namedBy = (text: string, all: ReadonlyArray<Known>): Named => {
  const byId = lastOf(present(all.filter((known) => isIdOf(known, text))))
  const byName = lastOf(present(all.filter((known) => isCalled(known, text))))
  const [first, ...others] = new Set([...byId, ...byName])
  if (first && others.length > 0) return { type: "several", known: [first, ...others] }
  if (first) return { type: "one", known: first }
  const part = text.toLowerCase()
  const has = ({ ref, name, launchedAs }: Known) =>
    [String(ref), name, launchedAs].some((one) => one?.toLowerCase().includes(part))
  return { type: "part", of: present(all.filter(has)) }
}

/** What is listed, and which clouds could not be listed in whole. */
export interface Seen {
  readonly machines: ReadonlyArray<Instance>
  /** Whether the accounts that were asked show every machine of this cloud. */
  readonly isWhole: (provider: string) => boolean
}

/**
 * All that is known of machines, oldest launch first.
 *
 * - What is listed goes before what is remembered: a machine seen again after its end is there.
 * - One that no list shows has ended when it was verified gone, or when its cloud was listed in whole.
 */
export const knownFrom = (
  { machines, isWhole }: Seen,
  launches: ReadonlyArray<LaunchRecord>,
  remembered: ReadonlyArray<MachineRecord>
): ReadonlyArray<Known> => {
  const listed = new Map(machines.map((machine) => [String(machine.ref), machine]))
  const gone = new Set(remembered.filter(({ goneAt }) => goneAt !== null).map(({ ref }) => String(ref)))
  const made = launches.flatMap(({ provider, kind, instanceId, ...launch }) =>
    instanceId === null ? [] : [{ ref: new InstanceRef(provider, kind, instanceId), ...launch }]
  )
  const launchOf = new Map(made.map((launch) => [String(launch.ref), launch]))
  // A machine that was launched stands where its launch does.
  const refs = [...remembered, ...machines, ...made].map(({ ref }) => ref)
  const places = new Map(refs.map((ref) => [String(ref), ref]))
  for (const text of launchOf.keys()) {
    const ref = places.get(text)
    places.delete(text)
    if (ref) places.set(text, ref)
  }
  return Array.from(places, ([text, ref]): Known => {
    const [machine = null, launch] = [listed.get(text), launchOf.get(text)]
    return {
      ref,
      name: machine?.name ?? null,
      launchedAs: launch?.name ?? null,
      marker: machine?.marker ?? launch?.marker ?? null,
      isThere: machine ? machine.status !== "terminated" : !gone.has(text) && !isWhole(ref.provider),
      machine
    }
  })
}
