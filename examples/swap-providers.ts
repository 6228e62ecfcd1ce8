/** The same twenty lines on each of three clouds: compare, rent, reach, end. The clouds are simulated on this machine. */
import { createClock } from "@anygpu/simulators"
import { type Cloud, createGpu, formatMoney, type Offer } from "anygpu"
import { simulatedClouds } from "./clouds.ts"

const clock = createClock({ mode: { speed: 300 }, start: new Date("2026-01-05T15:50:00Z") })
const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"]

/** What is not the same everywhere: how a cloud calls a system. Fluence's offers name theirs. */
const systems: Readonly<Record<string, string>> = { vast: "ubuntu_22.04", huddle: "ubuntu-22.04-cuda-12.4-cluster" }
const osOf = ({ provider, systems: own }: Offer) => own?.[0] ?? systems[provider] ?? "ubuntu"

const rentOn = async (cloud: Cloud) => {
  const gpu = createGpu({ providers: [cloud], clock })
  const job = { duration: "20 minutes", startAt: new Date(clock.now()) } as const
  const found = await gpu.compare({ kind: "vm", minVramMiB: 40 * 1024, gpuCount: 1, job })
  const [best] = found.candidates
  if (!best) return console.log(`${cloud.name}: nothing fits`)
  const { offer, cost } = best
  const price = offer.price && formatMoney(offer.price)
  console.log(`${cloud.name}: ${offer.gpu?.model} at ${price} per hour; twenty minutes cost ${formatMoney(cost.total)}`)
  for (const { item, note } of cost.lines) console.log(`  ${item}: ${note}`)
  const { instance } = await gpu.launch({
    job,
    name: "swap",
    candidates: found,
    sshKeys,
    adapt: (on) => ({ os: osOf(on) })
  })
  console.log(`  ${instance.ref} is ready: ${instance.endpoints.ssh[0]?.command}`)
  const { leftovers } = await gpu.terminate(instance.ref)
  console.log(`  ended${leftovers.length > 0 ? `; left: ${leftovers.join("; ")}` : ", and nothing is left"}`)
}

await using clouds = await simulatedClouds(clock)
for (const cloud of [clouds.vast, clouds.fluence, clouds.huddle]) await rentOn(cloud)
