import type { VirtualClock } from "@anygpu/simulators"
import { handlers } from "@anygpu/simulators/msw"
import { createGpu } from "anygpu"
import { setupWorker } from "msw/browser"
import { nodeGlobals } from "../node-globals.ts"
import { program } from "../program.ts"
import { simulate } from "../simulated.ts"

/** The clock cannot see a request that is on its way through the service worker: it is held until the answer is read. */
const holding =
  (clock: VirtualClock) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    const release = clock.hold()
    try {
      const answer = await fetch(url, init)
      const { status, headers } = answer
      const text = await answer.text()
      return new Response(text === "" ? null : text, { status, headers })
    } finally {
      release()
    }
  }

/** Runs the program in this page; its requests go out by the page's `fetch`, and msw's service worker answers them. */
export const run = async () => {
  const { clock, simulators, open, truth } = simulate()
  const worker = setupWorker(...Object.values(simulators).flatMap((simulator) => handlers(simulator)))
  await worker.start({ quiet: true })
  const outcome = await program(await open({ fetch: holding(clock) }), clock)
  // As most people make it: the transport of the platform, on the real clock.
  const plain = createGpu({ clouds: await open({}) })
  const offers = (await plain.offers({ limit: 3 })).items.length
  const ofNode = nodeGlobals.filter((name) => name in globalThis)
  worker.stop()
  return { outcome, truth: truth(), offers, ofNode, agent: navigator.userAgent }
}
