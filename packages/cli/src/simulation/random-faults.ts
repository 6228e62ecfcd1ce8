import { type CommonEffect, createRandom, type Simulator } from "@anygpu/simulators"

/** What goes wrong with a request, the same share of each; times are of the simulated clock. */
const effects: readonly [CommonEffect, ...CommonEffect[]] = [
  // The connection is reset before anything happened.
  { kind: "reset-before" },
  // It happened, and the answer is lost.
  { kind: "reset-after" },
  { kind: "status", status: 500 },
  { kind: "status", status: 502, text: "<html>bad gateway</html>", contentType: "text/html" },
  { kind: "status", status: 503, effect: true },
  { kind: "latency", ms: 3000 },
  { kind: "latency", ms: 20_000 }
]

/** Lets a share of the requests to a simulator go wrong, drawn from a seed. */
export const makeUnreliable = (simulator: Pick<Simulator, "fault" | "onRequest">, share: number, seed: number) => {
  const random = createRandom(seed)
  const draw = () => {
    if (random.next() < share) simulator.fault({ on: {}, do: random.pick(effects) })
  }
  draw()
  simulator.onRequest(draw)
}
