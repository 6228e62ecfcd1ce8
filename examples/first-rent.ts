/**
 * The main job, end to end, on a simulated cloud: compare offers for a stated job, rent the cheapest, watch it boot,
 * reach it, stop it, start it, end it, and see what it cost. Run it with `npx pnpm@12 start`.
 *
 * Simulator and client share a clock that runs forty times as fast as a real one; everything else is what a program
 * of yours would do. Against the real cloud, drop the simulator, `baseUrl` and `clock`.
 */
import { createClock, createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import {
  type BillingState,
  createGpu,
  estimate,
  formatMoney,
  type Instance,
  isReady,
  type Job,
  type Money,
  money,
  type Offer,
  subtractMoney
} from "anygpu"
import Table from "cli-table3"
import pc from "picocolors"
import { screen } from "./screen.ts"

const clock = createClock({ mode: { speed: 40 }, start: new Date("2026-01-05T09:00:00Z") })
const simulator = createVastSimulator({ clock, seed: 7, credit: 20 })
await using cloud = await simulator.listen()
const gpu = createGpu({ providers: [vast({ apiKey: simulator.apiKey, baseUrl: cloud.url })], clock })
const { step, say, note, during } = screen(clock.now)

const job: Job = { duration: "3 hours", storageMiB: 40 * 1024, egressGiB: 5, ingressGiB: 20 }
const interrupted = new AbortController()
process.on("SIGINT", () => interrupted.abort(new Error("interrupted")))
const { signal } = interrupted

/** What an offer costs for the whole job. */
const costOf = (offer: Offer): Money | null => estimate(offer, job)?.total ?? null

const gib = (mib: number | null) => (mib === null ? "?" : `${Math.round(mib / 1024)} GB`)

const showOffers = (offers: ReadonlyArray<Offer>) => {
  const table = new Table({
    head: ["", "GPU", "memory", "place", "reliable", "per hour", "this job"],
    colAligns: ["right", "left", "right", "left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: " ",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: " "
    }
  })
  for (const [index, offer] of offers.entries()) {
    const total = costOf(offer)
    const row = [
      String(index + 1),
      `${offer.gpu?.count}x ${offer.gpu?.model}`,
      gib(offer.gpu?.vramMiB ?? null),
      offer.location.country ?? "?",
      offer.reliability === null ? "?" : `${(offer.reliability * 100).toFixed(1)}%`,
      offer.price === null ? "?" : formatMoney(offer.price, 3),
      total === null ? "?" : formatMoney(total, 2)
    ]
    table.push(index === 0 ? row.map((cell) => pc.green(cell)) : row)
  }
  say(table.toString())
}

const bills: Record<BillingState, string> = {
  compute: pc.yellow("GPU and disk are billed"),
  storage: pc.dim("only the disk is billed"),
  none: pc.dim("nothing is billed"),
  unknown: pc.dim("what is billed is not documented")
}

const describe = (machine: Instance): string =>
  `${pc.bold((isReady(machine) ? "ready" : machine.status).padEnd(12))} ${bills[machine.billing]}`

const accountHolds = async () => (await gpu.providers.vast.containers.balance()).available

say(pc.dim(`A simulated Vast.ai answers at ${cloud.url}; its clock and ours run 40 times as fast as yours.`))

step("1. Compare: fine-tune for 3 hours, one GPU with 24 GB or more, 40 GB of disk, 25 GB of traffic")
const listing = await gpu.offers({
  kind: "container",
  minVramMiB: 24 * 1024,
  gpuCount: 1,
  minDiskMiB: 40 * 1024,
  minReliability: 0.95
})
const ranked = listing.items.toSorted((a, b) => (costOf(a)?.micros ?? Infinity) - (costOf(b)?.micros ?? Infinity))
showOffers(ranked.slice(0, 6))
say(pc.dim(`  ${ranked.length} offers fit; the list is ${listing.complete ? "complete" : "NOT complete"}`))
const [offer] = ranked
if (!offer) throw new Error("no offer fits the job")

step("2. Launch the cheapest, at most $2 per hour")
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
