/** The same twenty lines on each cloud of the list: compare, rent, reach, end. */
import { type Cloud, createGpu, formatMoney } from "anygpu"
import { imageOf, openClouds, osOf } from "./clouds.ts"

const { options, sshKeys } = await openClouds({ rents: true })
const { clock, clouds, spendLimit } = options
/** Each client holds to a limit of its own: together they stay within what may be spent. */
const share = { ...spendLimit.total, micros: Math.floor(spendLimit.total.micros / clouds.length) }

const rentOn = async (cloud: Cloud) => {
  const gpu = createGpu({ ...options, clouds: [cloud], spendLimit: { total: share } })
  const job = { duration: "20 minutes", startAt: new Date(clock.now()) } as const
  const kind = Object.values(cloud.kinds).some((one) => one.kind === "vm") ? "vm" : "container"
  const found = await gpu.compare({ kind, minVramMiB: 40 * 1024, gpuCount: 1, job })
  const [best] = found.candidates
  if (!best) return console.log(`${cloud.name}: nothing fits`)
  const { offer, cost } = best
  const price = offer.pricePerHour && formatMoney(offer.pricePerHour)
  console.log(`${cloud.name}: ${offer.gpu?.model} at ${price} per hour; twenty minutes cost ${formatMoney(cost.total)}`)
  for (const { item, note } of cost.lines) console.log(`  ${item}: ${note}`)
  const { instance } = await gpu.launch({
    job,
    name: "swap",
    candidates: found,
    workload: { sshKeys },
    adapt: (on) => (on.kind === "vm" ? { os: osOf(on) } : { image: imageOf(on) })
  })
  console.log(`  ${instance.ref} is ready: ${instance.endpoints.ssh[0]?.command}`)
  const { leftovers } = await gpu.terminate(instance.ref)
  console.log(`  ended${leftovers.length > 0 ? `; left: ${leftovers.join("; ")}` : ", and nothing is left"}`)
}

for (const cloud of clouds) await rentOn(cloud)
