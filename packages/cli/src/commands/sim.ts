import { once } from "node:events"
import { type CloudDescription, variableOf } from "@anygpu/clouds"
import { type MakeSimulator, simulatorOf } from "@anygpu/clouds/simulated"
import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { createClock, type VirtualClock } from "@anygpu/simulators"
import { InvalidRequest } from "anygpu"
import type { simFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { percentText } from "../format.ts"
import type { SimJson } from "../json/sim.ts"
import { builtIn, chosenClouds } from "../known.ts"
import { makeUnreliable } from "../simulation/random-faults.ts"

/** The fastest that a simulated clock may run. */
const fastest = 3600

/** One cloud on a port of this machine. */
const serve = async (
  { name, keys }: CloudDescription,
  make: MakeSimulator,
  world: { readonly clock: VirtualClock; readonly seed: number; readonly faults: number }
) => {
  const { seed, faults } = world
  const simulator = make({ ...world, ssh: true })
  if (faults > 0) makeUnreliable(simulator, faults, seed)
  const server = await simulator.listen()
  const close = () => Promise.all([server.close(), simulator.ssh.close()])
  return { name, keys, url: server.url, apiKey: simulator.apiKey, close }
}

/** `anygpu sim`: the clouds, simulated on loopback ports until it is interrupted. */
export const run = async (
  { out, settings, signal }: Context,
  { seed = 1, speed = 1, faults = 0 }: InputOf<typeof simFields>
): Promise<number> => {
  if (settings.sim) throw InvalidRequest.of("--sim", "has no clouds to start here: `anygpu sim` does that by itself")
  if (speed > fastest) throw InvalidRequest.of("--speed", `must be ${fastest} at most`)
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
