import { simulateClouds } from "@anygpu/clouds/simulated"
import { createGpu, memoryLedger } from "anygpu"
import type { OperationContext } from "./context.ts"

/** Requests that look like changes by their method, and only read: a search whose filter is in its body, a log that is fetched. */
const reads: ReadonlyArray<RegExp> = [
  /^(POST|PUT) .*\/bundles\/?$/,
  /^PUT .*\/request_logs\//,
  /^POST .*\/marketplace\/offers/,
  /^POST .*\/offers/
]

/** Simulated clouds with two machines, `trainer` on Vast and `api` on Fluence, as an operation sees them. */
export const openWorld = async () => {
  const { simulators, clock, open } = simulateClouds()
  const [clouds, ledger] = [await open(), memoryLedger()]
  const gpu = createGpu({ providers: clouds, ledger, clock })
  const { signal } = new AbortController()
  const context: OperationContext = {
    ...{ signal, wholeNames: true },
    now: () => clock.now(),
    clouds: async () => clouds,
    gpu: async () => gpu,
    ledger: async () => ledger,
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
    ...{ context, clock, trainer, api },
    /** The requests so far that were to change something. */
    changes: () => sent().filter((request) => !request.startsWith("GET ") && !reads.some((read) => read.test(request)))
  }
}
