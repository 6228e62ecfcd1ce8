import { fetchTransport, type Transport } from "@anygpu/core/adapter"
import type { VirtualClock } from "@anygpu/simulators"
import { fluenceHandlers, huddleHandlers, vastHandlers } from "@anygpu/simulators/msw"
import { vast } from "@anygpu/vast"
import { createGpu } from "anygpu"
import * as Effect from "effect/Effect"
import { setupWorker } from "msw/browser"
import { nodeGlobals } from "../node-globals.ts"
import { program } from "../program.ts"
import { cloudsOver, simulate } from "../simulated.ts"

/** The clock cannot see a request that is on its way through the service worker: it is held meanwhile. */
const holding =
  (clock: VirtualClock, transport: Transport): Transport =>
  (request) =>
    Effect.acquireUseRelease(
      Effect.sync(clock.hold),
      () => transport(request),
      (release) => Effect.sync(release)
    )

/** Runs the program in this page; its requests go out by the page's `fetch`, and msw's service worker answers them. */
export const run = async () => {
  const { clock, simulators, truth } = simulate()
  const worker = setupWorker(
    ...fluenceHandlers(simulators.fluence),
    ...huddleHandlers(simulators.huddle),
    ...vastHandlers(simulators.vast)
  )
  await worker.start({ quiet: true })
  const transport = holding(clock, fetchTransport())
  const outcome = await program(
    cloudsOver(simulators, () => transport),
    clock
  )
  // As most people make it: the transport of the platform, on the real clock.
  const plain = createGpu({ providers: [vast({ apiKey: simulators.vast.apiKey })] })
  const offers = (await plain.offers({ limit: 3 })).items.length
  const ofNode = nodeGlobals.filter((name) => name in globalThis)
  worker.stop()
  return { outcome, truth: truth(), offers, ofNode, agent: navigator.userAgent }
}
