import { type CloudDescription, clouds as described } from "@anygpu/clouds"
import { simulateClouds } from "@anygpu/clouds/simulated"
import { createGpu, memoryLedger } from "anygpu"
import type { OperationContext } from "./context.ts"
import { check } from "./doctor/check.ts"
import type { Fetch } from "./doctor/recorder.ts"
import type { CloudSetup } from "./doctor/setup.ts"
import { testMachine } from "./machine.test-support.ts"
import { testRuns } from "./runs.test-support.ts"

/** Requests that look like changes by their method, and only read: a search whose filter is in its body, a log, a login. */
const reads: ReadonlyArray<RegExp> = [
  /^POST .*\/bundles\/$/,
  /^POST \/graphql$/,
  /^PUT .*\/request_logs\//,
  /^POST \/marketplace\/offers$/,
  /^POST .*\/oauth2\/token$/
]

/** What the machines answer about the Jupyter that runs there. */
const jupyter = '#server { "port": 8888, "token": "6f1a", "base_url": "/" }\n'

/** Simulated clouds with two machines, `trainer` on Vast and `api` on Fluence, as an operation sees them. */
export const openWorld = async () => {
  const { simulators, clock, open } = simulateClouds()
  const simulatorsByName: Readonly<Record<string, { readonly apiKey: string; readonly fetch: Fetch } | undefined>> =
    simulators
  const [clouds, ledger] = [await open(), memoryLedger()]
  const gpu = createGpu({ clouds, ledger, clock })
  const { machine, ran } = testMachine((command) => (command.includes("jpserver") ? jupyter : ""))
  const { signal } = new AbortController()
  const setupOf = ({ name, open: openCloud, keys, vocabulary }: CloudDescription): CloudSetup => {
    const simulator = simulatorsByName[name]
    if (!simulator) throw new Error(`${name} has no simulator`)
    return {
      ...{ name, vocabulary, key: check(name, "key", "ok", "the simulated cloud's own") },
      open: async (watch) => {
        const values = Object.fromEntries(keys.map(({ option }) => [option, simulator.apiKey]))
        const cloud = await openCloud(values, { fetch: watch(simulator.fetch) })
        return createGpu({ clouds: [cloud], ledger: memoryLedger(), clock })
      }
    }
  }
  const context: OperationContext = {
    ...{ signal, wholeNames: true },
    now: () => clock.now(),
    pause: async (millis, ending) => await clock.sleep(millis, ending),
    clouds: async () => clouds,
    gpu: async () => gpu,
    ledger: async () => ledger,
    connect: async () => machine,
    runs: async () => testRuns(ran),
    presets: async () => ({ train: { gpu: "RTX 4090", disk: "100GB", env: ["HF_TOKEN"], ports: [8888] } }),
    setup: async () => ({ checks: [], clouds: described.map(setupOf) }),
    asker: {
      possible: false,
      confirm: async () => false,
      choose: async (question) => {
        throw new Error(question)
      }
    },
    out: { say: () => {}, note: () => {}, during: (_, work) => work(() => {}) }
  }
  const rent = async (name: string, provider: string) => {
    const { items } = await gpu.offers({ kind: "container", gpu: "RTX 4090" })
    const offer = items.find((one) => one.provider === provider)
    if (!offer) throw new Error(`${provider} has no RTX 4090`)
    const { ref } = await gpu.rent({ offer, name, image: "ubuntu:24.04", ports: [{ port: 8000 }], ttl: 3_600_000 })
    return await gpu.waitUntilReady(ref)
  }
  const [trainer, api] = [await rent("trainer", "vast"), await rent("api", "fluence")]
  const sent = () =>
    Object.values(simulators).flatMap((simulator) =>
      simulator.requests().map(({ method, path }) => `${method} ${path}`)
    )
  return {
    ...{ context, gpu, clock, trainer, api },
    /** The requests so far that were to change something, and what was run on machines. */
    changes: () => [
      ...sent().filter((request) => !request.startsWith("GET ") && !reads.some((read) => read.test(request))),
      ...ran
    ]
  }
}

/** What {@link openWorld} makes. */
export type World = Awaited<ReturnType<typeof openWorld>>
