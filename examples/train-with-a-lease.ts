/**
 * Train, then terminate: a lease ends its machine, verified, when the block is left, when its time or money runs out, and
 * on Ctrl-C. The training is a start script, and its log says when it is done.
 */
import { createGpu, formatMoney, type Job, money } from "anygpu"
import { openClouds } from "./clouds.ts"

const { options } = await openClouds({ rents: true })
const { clock } = options
const gpu = createGpu(options)

const job: Job = { duration: "2 hours", startAt: new Date(clock.now()), storageMiB: 20_480 }
const { candidates, problems } = await gpu.compare({ kind: "container", minVramMiB: 24_576, gpuCount: 1, job })
// Its output is to be read: a cloud whose containers have no logs is of no use here.
const able = gpu.portability({ operations: ["logs"] }).filter(({ lacksOperations }) => lacksOperations.length === 0)
const best = candidates.find(({ offer: { provider, kind } }) =>
  able.some((one) => one.provider === provider && one.kind === kind)
)
if (!best) throw problems[0]?.error ?? new Error("no offer fits the job")
const { offer, cost } = best
console.log(`${offer.gpu?.model} of ${offer.provider}: ${formatMoney(cost.total)} for two hours`)

const training = ["echo epoch 1 of 3, loss 2.31", "echo epoch 2 of 3, loss 1.07", "echo epoch 3 of 3, loss 0.42"]

const train = async () => {
  const spec = { offer, name: "train", image: "pytorch/pytorch:latest", diskMiB: 20_480 }
  await using machine = await gpu.lease(
    { ...spec, onStart: [...training, "echo training is done"].join("\n") },
    { ttl: "2 hours", maxTotal: money(5) }
  )
  const { ref, signal } = machine
  console.log(`${ref} is leased until ${new Date(machine.until.epochMilliseconds).toISOString()}`)
  await gpu.waitUntilReady(ref, {
    signal,
    onChange: ({ status, billing }) => console.log(`${status}, paid: ${billing}`)
  })
  for (let read = 0; ; await clock.sleep(10_000, signal)) {
    const { lines } = await gpu.act(ref, "logs", { tail: 100 }, { signal })
    for (const line of lines.slice(read)) console.log(`| ${line}`)
    if (lines.includes("training is done")) return ref
    read = lines.length
  }
}

const ref = await train()
const { status, billing } = await gpu.get(ref)
console.log(`${ref} is ${status}, paid: ${billing}`)
