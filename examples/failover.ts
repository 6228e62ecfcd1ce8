/**
 * Failover: the best machine of all clouds that can be had. What is taken, gone, too dear or does not come up is passed
 * over, and ended before the next one is rented; the trail says what was tried, and what it cost.
 */
import { createGpu, formatMoney, type Job, money } from "anygpu"
import { openClouds, osOf } from "./clouds.ts"

const { options, simulators, sshKeys } = await openClouds({ rents: true })
const gpu = createGpu(options)

const job: Job = { duration: "1 hour", startAt: new Date(options.clock.now()) }
const { candidates, problems } = await gpu.compare({ kind: "vm", minVramMiB: 24_576, gpuCount: 1, job })
for (const { part, error } of problems) console.log(`missing: ${part} (${error.message})`)
const bestOfEach = candidates.filter(
  ({ offer }, at) => candidates.findIndex((other) => other.offer.provider === offer.provider) === at
)

// A bad day, on simulated clouds: one has nothing left, and the machine of another fails while it boots.
simulators?.vast.fault({ on: { method: "PUT", path: "/api/v0/asks/{id}/" }, do: { kind: "capacity" } })
simulators?.fluence.failProvisioning()

const { instance, trail } = await gpu.launch({
  job,
  candidates: bestOfEach,
  name: "failover",
  key: `failover-${options.clock.now()}`, // the same key never rents twice
  ttl: "2 hours", // should this process die, sweep() ends what is left
  workload: { sshKeys },
  adapt: (offer) => ({ os: osOf(offer) }),
  limits: { maxPerHour: money(6), readyWithin: "15 minutes", deadline: "1 hour" },
  onProgress: (step) => step.type === "trying" && console.log(`trying ${step.offer.provider}/${step.offer.kind}`)
})

try {
  for (const { offer, outcome, spent, error } of trail) {
    const cost = spent ? `, ${formatMoney(spent)} spent` : ""
    console.log(`${offer.provider} ${offer.gpu?.model}: ${outcome}${cost}${error ? ` (${error.message})` : ""}`)
  }
  console.log(`${instance.ref} is ready: ${instance.endpoints.ssh[0]?.command}`)
} finally {
  await gpu.terminate(instance.ref)
}
const { claimed, complete } = await gpu.audit()
const paid = claimed.flatMap(({ machine }) => (machine.billing === "none" ? [] : [String(machine.ref)]))
console.log(`Still paid for: ${paid.join(", ") || "nothing"}${complete ? "" : "; but not every cloud could be asked"}`)
