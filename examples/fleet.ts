/**
 * A fleet on all clouds that have VMs, watched in a terminal: two machines of each, leased, one table of all that changes, and all
 * of them ended after ten minutes. Elsewhere than in a terminal every change is a line.
 */
import { type Change, createGpu, formatMoney, type Instance, type Job } from "anygpu"
import { openClouds, osOf } from "./clouds.ts"

const { options, sshKeys } = await openClouds({ rents: true })
const { clock } = options
const gpu = createGpu(options)

const job: Job = { duration: "30 minutes", startAt: new Date(clock.now()) }
const { candidates, problems } = await gpu.compare({ kind: "vm", gpuCount: 1, job })
for (const { part, error } of problems) console.log(`missing: ${part} (${error.message})`)
const offers = options.clouds.flatMap(({ name }) =>
  candidates.flatMap(({ offer }) => (offer.provider === name ? [offer] : [])).slice(0, 2)
)

// The end of this file, an error and Ctrl-C all end the whole fleet.
await using fleet = new AsyncDisposableStack()
const launched = await Promise.allSettled(
  offers.map(async (offer, at) =>
    fleet.use(await gpu.lease({ offer, name: `fleet-${at + 1}`, os: osOf(offer), sshKeys }, { ttl: job.duration }))
  )
)
const leases = launched.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))
for (const one of launched) if (one.status === "rejected") console.log(`not launched: ${one.reason}`)
if (leases.length === 0) throw new Error("no machine could be rented")
const machines = new Map(leases.map(({ ref, machine }) => [String(ref), machine]))

const line = ({ ref, name, status, billing, pricePerHour: price, gpu: card }: Instance): string =>
  [
    (name ?? "").padEnd(8),
    ref.provider.padEnd(10),
    `${card?.count ?? "?"}x ${card?.model ?? "?"}`.padEnd(16),
    status.padEnd(13),
    `paid: ${billing}`.padEnd(14),
    price ? `${formatMoney(price)} per hour` : ""
  ].join("  ")

const show = (change: Change) => {
  if (!("instance" in change)) return console.log(`${change.provider} ${change.kind}: ${change.type}`)
  const { ref, type, instance } = change
  if (!machines.has(String(ref))) return
  const now: Instance = type === "vanished" ? { ...instance, status: "terminated", billing: "none" } : instance
  machines.set(String(ref), now)
  if (!process.stdout.isTTY) return type === "billing" || console.log(`${type.padEnd(9)}  ${line(now)}`)
  console.clear()
  for (const machine of machines.values()) console.log(line(machine))
}

const over = new AbortController()
const endAll = async () => {
  await clock.sleep(10 * 60_000)
  await Promise.all(leases.map((lease) => lease.end()))
  // The lists of the clouds lag behind a little.
  await clock.sleep(60_000)
}
const ended = endAll().finally(() => over.abort())
// What fails is said below, when the watch is over.
ended.catch(() => {})

try {
  for await (const change of gpu.watch({ every: "5 seconds", idleEvery: "15 seconds", signal: over.signal }))
    show(change)
} catch (error) {
  if (!over.signal.aborted) throw error
}
await ended
console.log(`All ${leases.length} machines of the fleet are gone.`)
