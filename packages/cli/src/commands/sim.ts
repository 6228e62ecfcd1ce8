import { once } from "node:events"
import {
  createClock,
  createFluenceSimulator,
  createHuddleSimulator,
  createVastSimulator,
  type VirtualClock
} from "@anygpu/simulators"
import { InvalidRequest } from "anygpu"
import type { Options, Run } from "../catalogue/entry.ts"
import type { CloudName } from "../cloud-names.ts"
import { exitCodes } from "../exit-codes.ts"
import { percentText } from "../format.ts"
import { countOf, percentOf } from "../inputs.ts"
import type { SimJson } from "../json/sim.ts"
import { keyVariables } from "../keys.ts"
import { chosenClouds, isBuiltIn } from "../known.ts"
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

const makers = { fluence: createFluenceSimulator, huddle: createHuddleSimulator, vast: createVastSimulator } as const

/** One cloud on a port of this machine. */
const serve = async (name: CloudName, clock: VirtualClock, seed: number, faults: number) => {
  const simulator = makers[name]({ clock, seed })
  if (faults > 0) makeUnreliable(simulator, faults, seed)
  const server = await simulator.listen()
  return { name, url: server.url, apiKey: simulator.apiKey, close: server.close }
}

/** `anygpu sim`: the clouds, simulated on loopback ports until it is interrupted. */
export const run: Run = async ({ out, settings, signal }, _, options) => {
  if (settings.sim) throw InvalidRequest.of("--sim", "has no clouds to start here: `anygpu sim` does that by itself")
  const [seed, speed] = [countOf(options, "seed", 0) ?? 1, speedOf(options)]
  const faults = percentOf(options, "faults") ?? 0
  signal.throwIfAborted()
  const clock = createClock({ mode: { speed } })
  const names = chosenClouds({}, settings.clouds).filter(isBuiltIn)
  const served = await Promise.all(names.map((name) => serve(name, clock, seed, faults)))
  try {
    const pace = speed === 1 ? "" : `, ${speed} times as fast`
    const odds = faults === 0 ? "" : `, ${percentText(faults)} of the requests go wrong`
    out.note(`Simulated clouds${pace}${odds}, until Ctrl-C. In another terminal:`)
    for (const { name, url, apiKey } of served) {
      out.event({
        json: (): SimJson => ({ provider: name, url, apiKey }),
        text: () => `export ${name.toUpperCase()}_BASE_URL=${url} ${keyVariables[name][0]}=${apiKey}`
      })
    }
    if (!signal.aborted) await once(signal, "abort")
  } finally {
    clock.close()
    await Promise.all(served.map(({ close }) => close()))
  }
  return exitCodes.done.code
}
