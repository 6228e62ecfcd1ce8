import {
  type Attempt,
  type Candidate,
  type Instance,
  InvalidRequest,
  kinds,
  type LaunchRequest,
  type Problem
} from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { filterOf } from "./input/filter.ts"
import { jobOf } from "./input/job.ts"
import { present } from "./input/present.ts"
import type { launchInput } from "./launch.ts"
import { launchesOf, leaseUntil } from "./machines/leases.ts"
import type { LaunchedJson } from "./protocol/answers/launched.ts"
import { errorJson, problemsJson } from "./protocol/errors.ts"
import { costJson, jobJson, machineJson, offerJson, offerRef } from "./protocol/model.ts"

type Input = InputOf<typeof launchInput>

/** A launch as it was asked for; its machine is rented for as long as its job lasts. */
export type Asked = LaunchRequest & { readonly job: ReturnType<typeof jobOf> }

/** A machine that was rented now, or by an earlier call with the same key. */
export interface Rented {
  readonly machine: Instance
  readonly job: Asked["job"]
  /** The offer that it was rented on; null when nothing was rented now. */
  readonly quoted: Candidate | null
  /** When its time is over, in epoch milliseconds; null where the ledger knows no time of it. */
  readonly until: number | null
  readonly trail: ReadonlyArray<Attempt>
  readonly problems: ReadonlyArray<Problem>
}

/** The kinds that take what is to run: containers an image, the others a system. */
const kindsFor = ({ image, os }: Input) => {
  if (image !== undefined && os !== undefined) return undefined
  if (image === undefined && os === undefined) {
    throw InvalidRequest.of("image", "is missing, and `os` too: name an image for a container, or a system for a VM")
  }
  return kinds.filter((kind) => (kind === "container") === (image !== undefined) && kind !== "cpu-vm")
}

const requestOf = (input: Input): Asked => {
  const { maxPerHour, kind: named, ...filter } = filterOf(input)
  const { name, key, onCloudTrouble = "stop", maxTotal, maxAttempts, offer, interruptible } = input
  const { image, os, location, sshKeys, env, ports, command, onStart, bid } = input
  const job = jobOf(input)
  return {
    ...{ name, job, ttl: job.duration, until: "created", onCloudTrouble, ...present({ key }) },
    workload: present({ image, os, location, sshKeys, env, ports, command, onStart, bid }),
    candidates: present({ ...filter, kind: named ?? kindsFor(input), offer, interruptible }),
    limits: present({ maxPerHour, maxTotal, maxAttempts })
  }
}

/** What a job costs on an offer, in JSON. */
export const quoteJson = (job: Asked["job"], { offer, cost }: Candidate): NonNullable<LaunchedJson["quote"]> => ({
  offer: offerJson(offer),
  job: jobJson(job),
  cost: costJson(cost)
})

/**
 * Rents a machine. `onQuote` hears what the first offer costs before anything is sent.
 *
 * - A call with the key of an earlier launch answers its machine, and rents nothing.
 */
export const rentMachine = async (
  context: OperationContext,
  input: Input,
  onQuote: (job: Asked["job"], candidate: Candidate) => void
): Promise<Rented> => {
  const { signal } = context
  const gpu = await context.gpu()
  const asked = requestOf(input)
  const { job } = asked
  const earlier = async (machine: Instance): Promise<Rented> => {
    const until = leaseUntil(await launchesOf(context, machine.ref), machine)
    return { machine, job, quoted: null, until, trail: [], problems: [] }
  }
  const quote = await gpu.quote(asked, { signal })
  if (quote.is === "earlier") return await earlier(quote.instance)
  const { candidates } = quote
  onQuote(job, candidates[0])
  const { instance, isEarlier, trail, problems } = await gpu.launch(quote.request, { signal })
  if (isEarlier) return await earlier(instance)
  const made = trail.find(({ outcome }) => outcome === "created")
  const quoted = made && candidates.find(({ offer }) => offerRef(offer) === offerRef(made.offer))
  const until = (made?.from ?? context.now()) + job.duration
  return { machine: instance, job, quoted: quoted ?? candidates[0], until, trail, problems }
}

/** Rents a machine. */
export const run = (context: OperationContext, input: Input): Promise<Rented> => rentMachine(context, input, () => {})

/** The rented machine in JSON. */
export const encode = ({ machine, job, quoted, until, trail, problems }: Rented): LaunchedJson => ({
  machine: machineJson(machine),
  quote: quoted && quoteJson(job, quoted),
  endsAt: until === null ? null : new Date(until).toISOString(),
  passedOver: trail.flatMap(({ offer, error }) =>
    error ? [{ offer: offerRef(offer), error: errorJson(error, false) }] : []
  ),
  problems: problemsJson(problems)
})
