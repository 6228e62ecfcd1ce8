/**
 * The main job, end to end, on three simulated clouds: compare what a stated job costs on them, rent the cheapest that
 * can be stopped and read, watch it boot, reach it, stop it, start it, end it, and see what it cost. Run it with
 * `node --conditions=anygpu-source examples/first-rent.ts`. The command does the same with `npx pnpm@12 start`.
 *
 * Simulators and client share a clock that runs forty times as fast as a real one; everything else is what a program
 * of yours would do. Against the real clouds, drop the simulators, the base URLs and `clock`.
 */
import { createClock } from "@anygpu/simulators"
import {
  type BillingState,
  createGpu,
  formatMoney,
  type Instance,
  isReady,
  type Job,
  money,
  subtractMoney
} from "anygpu"
import { toTable } from "anygpu/report"
import pc from "picocolors"
import { simulatedClouds } from "./clouds.ts"
import { screen } from "./screen.ts"

const clock = createClock({ mode: { speed: 40 }, start: new Date("2026-01-05T09:00:00Z") })
await using clouds = await simulatedClouds(clock)
const gpu = createGpu({ providers: [clouds.fluence, clouds.huddle, clouds.vast], clock })
const { step, say, note, during } = screen(clock.now)

const job: Job = {
  duration: "3 hours",
  startAt: new Date(clock.now()),
  storageMiB: 40 * 1024,
  egressGiB: 5,
  ingressGiB: 20
}
const interrupted = new AbortController()
process.on("SIGINT", () => interrupted.abort(new Error("interrupted")))
const { signal } = interrupted

const bills: Record<BillingState, string> = {
  compute: pc.yellow("GPU and disk are billed"),
  storage: pc.dim("only the disk is billed"),
  none: pc.dim("nothing is billed"),
  unknown: pc.dim("what is billed is not documented")
}

const describe = (machine: Instance): string =>
  `${pc.bold((isReady(machine) ? "ready" : machine.status).padEnd(12))} ${bills[machine.billing]}`

const accountHolds = async () => (await gpu.providers.vast.containers.balance()).available

say(pc.dim(`Fluence, Huddle01 and Vast.ai are simulated at ${clouds.urls.join(", ")};`))
say(pc.dim("their clock and ours run 40 times as fast as yours."))

step("1. Compare: fine-tune for 3 hours, one GPU with 24 GB or more, 40 GB of disk, 25 GB of traffic")
const comparison = await gpu.compare({ minVramMiB: 24 * 1024, gpuCount: 1, job })
const [first, ...others] = toTable(comparison, { limit: 12 }).split("\n")
say(pc.bold(`  ${first}`))
for (const line of others) say(/^ *\d+ /.test(line) ? `  ${line}` : pc.dim(`  ${line}`))

const able = gpu
  .portability({ operations: ["stop", "start", "logs"] })
  .filter(({ lacksOperations }) => !lacksOperations.length)
say(pc.dim(`  Can be stopped and read: ${able.map(({ provider, kind }) => `${provider} ${kind}s`).join(", ")}`))
const [best] = comparison.candidates.filter(({ offer: { provider, kind } }) =>
  able.some((one) => one.provider === provider && one.kind === kind)
)
if (!best) throw new Error("no offer fits the job")
const { offer } = best

step(`2. Launch the cheapest of those, number ${best.rank}, at most $2 per hour`)
const before = await accountHolds()
const machine = await gpu.launch(
  {
    offer,
    name: "first-rent",
    image: "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime",
    diskMiB: 40 * 1024,
    ports: [{ port: 8000 }],
    onStart: "echo epoch 1 of 3, loss 2.31\necho epoch 2 of 3, loss 1.07\necho epoch 3 of 3, loss 0.42",
    maxPerHour: money(2)
  },
  { signal }
)

try {
  note(`${pc.bold(String(machine.ref))} is rented; until it runs, ${bills[machine.billing]}`)

  const ready = await during("booting", (changed) =>
    gpu.waitUntilReady(machine.ref, { signal, onChange: (now) => changed(describe(now)) })
  )

  step("3. Reach it")
  for (const { command, via } of ready.endpoints.ssh) say(`  ${command}   ${pc.dim(via)}`)
  for (const { port, host, externalPort } of ready.endpoints.ports) say(`  port ${port} is ${host}:${externalPort}`)

  step("4. Read its logs")
  const { lines } = await during("uploading", () => gpu.act(machine.ref, "logs", { tail: 5 }, { signal }))
  for (const line of lines) say(`  ${pc.dim("|")} ${line}`)

  step("5. Stop it, and start it again")
  note(describe(await gpu.act(machine.ref, "stop", { signal })))
  note(describe(await during("stopping", () => gpu.waitFor(machine.ref, "stopped", { signal }))))
  note(describe(await gpu.act(machine.ref, "start", { signal })))
  note(describe(await during("starting", () => gpu.waitUntilReady(machine.ref, { signal }))))
} catch (error) {
  if (!signal.aborted) throw error
  say("\n  interrupted: the machine is ended first")
  process.exitCode = 130
} finally {
  step("6. End it")
  await during("ending", () => gpu.terminate(machine.ref))
  const gone = await gpu.get(machine.ref)
  note(`${pc.bold(gone.status.padEnd(12))} ${bills[gone.billing]}`)
}

step("7. What it cost, and what is left")
const spent = subtractMoney(before, await accountHolds())
const left = await gpu.list()
const perHour = offer.price ?? money(0)
say(`  ${formatMoney(spent, 4)} for a few minutes at ${formatMoney(perHour, 3)} per hour`)
say(`  ${left.items.length} machines on the account, and the list is ${left.complete ? "complete" : "NOT complete"}`)
if (left.items.length > 0 || !left.complete) process.exitCode = 1
