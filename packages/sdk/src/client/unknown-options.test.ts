import { type Cloud, InvalidRequest, type LaunchSpec } from "@anygpu/core"
import { fetchTransport } from "@anygpu/core/adapter"
import { createVastSimulator } from "@anygpu/simulators"
import { vast } from "@anygpu/vast"
import { expect, test } from "vitest"
import { createGpu, type GpuClient } from "./create-gpu.ts"

const ref = "vast/container/1"

/** A call with an option that there is not, by a caller in plain JavaScript. */
type Call = (gpu: GpuClient, wrong: never) => Promise<unknown>

const act =
  (op: "stop" | "logs" | "restart"): Call =>
  (gpu, wrong) =>
    gpu.act(ref, op, wrong)

const launched =
  (more: object): Call =>
  async (gpu) => {
    const [offer] = await gpu.offers({ limit: 1 })
    return gpu.rent({ offer, name: "job", image: "ubuntu", ...more } as LaunchSpec)
  }

test.each<[string, Call, object, RegExp]>([
  ["offers", (gpu, wrong) => gpu.offers(wrong), { minVram: 24 }, /minVram: is no filter: did you mean minVramMiB\?/],
  ["list", (gpu, wrong) => gpu.list(wrong), { withn: 5 }, /withn: is no option here: did you mean within\?/],
  ["accounts", (gpu, wrong) => gpu.accounts("balance", wrong), { wihin: 5 }, /did you mean within/],
  ["audit", (gpu, wrong) => gpu.audit(wrong), { dryRun: true }, /dryRun: is no option here; expected within/],
  ["recover", (gpu, wrong) => gpu.recover(wrong), { within_: "5 s" }, /did you mean within/],
  [
    "sweep",
    ({ sweep }, wrong) => (sweep as (options: object) => Promise<unknown>)(wrong),
    { dryRun: true },
    /dryRun: is no option.*it takes none/
  ],
  ["terminate", (gpu, wrong) => gpu.terminate(ref, wrong), { ifbusy: "fail" }, /ifbusy: .*did you mean ifBusy/],
  ["wait", (gpu, wrong) => gpu.waitUntilReady(ref, wrong), { timeout: "5 s" }, /timeout: is no option here; expected/],
  ["stop", act("stop"), { force: true }, /force: is no option of stop; it takes none/],
  ["restart", act("restart"), { hard: true }, /hard: is no option of restart/],
  ["logs", act("logs"), { tails: 5 }, /tails: is no option here: did you mean tail\?/],
  [
    "a port",
    launched({ ports: [{ port: 53, protocoll: "udp" }] }),
    {},
    /ports\[0\]\.protocoll: .*did you mean protocol/
  ],
  ["a login", launched({ registry: { user: "me", password: "p", host: "h" } }), {}, /registry\.user: .*mean username/],
  ["a volume", launched({ volumes: [{ name: "a", sizeMiB: 1, sizeGB: 5 }] }), {}, /volumes\[0\]\.sizeGB: is no option/],
  ["a launch", launched({ maxPerHours: 1 }), {}, /maxPerHours: is not a launch option: did you mean maxPerHour/]
])("%s refuses an option that there is not, and changes nothing", async (_, call, wrong, what) => {
  const simulator = createVastSimulator()
  const transport = fetchTransport(simulator.fetch)
  const providers: ReadonlyArray<Cloud> = [vast({ apiKey: simulator.apiKey, transport })]
  const gpu = createGpu({ clouds: providers, clock: simulator.clock })
  const error = await call(gpu, wrong as never).then(
    () => null,
    (thrown: unknown) => thrown
  )
  expect(error).toBeInstanceOf(InvalidRequest)
  expect(String(error)).toMatch(what)
  expect(simulator.requests().filter(({ method, path }) => method !== "GET" && !path.includes("bundles"))).toEqual([])
})
