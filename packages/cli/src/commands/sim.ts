import { once } from "node:events"
import { type CloudDescription, variableOf } from "@anygpu/clouds"
import { type MakeSimulator, simulatorOf } from "@anygpu/clouds/simulated"
import { exitCodes } from "@anygpu/operations/encode"
import { createClock, type VirtualClock } from "@anygpu/simulators"
import { InvalidRequest } from "anygpu"
import type { Options, Run } from "../catalogue/entry.ts"
import { percentText } from "../format.ts"
import { countOf, percentOf } from "../inputs.ts"
import type { SimJson } from "../json/sim.ts"
import { builtIn, chosenClouds } from "../known.ts"
import { makeUnreliable } from "../simulation/weather.ts"
import { textOf } from "../words.ts"

const speedOf = (options: Options): number => {
  const text = textOf(options, "speed")
  if (text === undefined) return 1
  const [, digits] = /^(\d+(?:\.\d+)?)x?$/.exec(text.trim()) ?? []
  const speed = Number(digits)
  if (speed > 0 && speed <= 3600) return speed
  throw InvalidRequest.of("--speed", `"${text}" is not a speed up to 3600: write 60 for sixty times as fast`)
}

/** One cloud on a port of this machine. */
const serve = async (
  { name, keys }: CloudDescription,
  make: MakeSimulator,
  world: { readonly clock: VirtualClock; readonly seed: number; readonly faults: number }
) => {
  const { seed, faults } = world
  const simulator = make(world)
  if (faults > 0) makeUnreliable(simulator, faults, seed)
  const server = await simulator.listen()
  return { name, keys, url: server.url, apiKey: simulator.apiKey, close: server.close }
}

/** `anygpu sim`: the clouds, simulated on loopback ports until it is interrupted. */
export const run: Run = async ({ out, settings, signal }, _, options) => {
  if (settings.sim) throw InvalidRequest.of("--sim", "has no clouds to start here: `anygpu sim` does that by itself")
  const [seed, speed] = [countOf(options, "seed", 0) ?? 1, speedOf(options)]
  const faults = percentOf(options, "faults") ?? 0
  signal.throwIfAborted()
  const clock = createClock({ mode: { speed } })
  const served = await Promise.all(
    chosenClouds({}, settings.clouds).flatMap((name) => {
      const [described, make] = [builtIn(name), simulatorOf(name)]
      return described && make ? [serve(described, make, { clock, seed, faults })] : []
    })
  )
  try {
    const pace = speed === 1 ? "" : `, ${speed} times as fast`
    const odds = faults === 0 ? "" : `, ${percentText(faults)} of the requests go wrong`
    out.note(`Simulated clouds${pace}${odds}, until Ctrl-C. In another terminal:`)
    for (const { name, keys, url, apiKey } of served) {
      out.event({
        json: (): SimJson => ({ provider: name, url, apiKey }),
        text: () =>
          [
            `export ${variableOf(name, "BASE_URL")}=${url}`,
            ...keys.map(({ variables: [first] }) => `${first}=${apiKey}`)
          ].join(" ")
      })
    }
    if (!signal.aborted) await once(signal, "abort")
  } finally {
    clock.close()
    await Promise.all(served.map(({ close }) => close()))
  }
  return exitCodes.done.code
}
