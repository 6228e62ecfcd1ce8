import { clouds, variableOf } from "@anygpu/clouds"
import { simulatorOf } from "@anygpu/clouds/simulated"
import { durationText } from "@anygpu/operations"
import { createMachines } from "@anygpu/simulators"
import { InvalidRequest, type PlainClock } from "anygpu"
import { timeText } from "../format.ts"
import type { Io } from "../io.ts"
import { simulationPath } from "../paths.ts"
import { sleepReally } from "../pause.ts"
import type { Settings } from "../settings.ts"
import { fastClock } from "./clock.ts"
import { simulatedFetch, simulatedKey } from "./clouds.ts"
import { openStore, type Store } from "./store.ts"

const realClock: PlainClock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => sleepReally(milliseconds, signal)
}

/** A number from the environment, or `fallback` where it is missing. */
const numberIn = (env: Io["env"], name: string, fallback: number, isGood: (value: number) => boolean): number => {
  const text = env[name]?.trim()
  if (!text) return fallback
  const value = Number(text)
  if (isGood(value)) return value
  throw InvalidRequest.of(name, `"${text}" is not such a number`)
}

/** The environment with the keys of the simulated clouds, and nothing in it that leads to real ones. */
const simulatedEnv = (env: Io["env"], ledger: string): Io["env"] => ({
  ...env,
  ...Object.fromEntries(
    clouds.flatMap(({ keys }) => keys.flatMap(({ variables }) => variables.map((variable) => [variable, simulatedKey])))
  ),
  ...Object.fromEntries(clouds.map(({ name }) => [variableOf(name, "BASE_URL"), undefined])),
  ANYGPU_LEDGER: ledger
})

/**
 * How long a simulated cloud may take, in milliseconds of its time: that runs on while this computer is at work, which
 * gets five seconds of its own.
 */
const answerWithinAt = (speed: number): number => Math.max(20_000, 5_000 * speed)

const remarkOf = ({ isNew, passed, anchor }: Store, path: string): string =>
  isNew
    ? `Simulated clouds: no account, no money. Their time runs ${anchor.speed} times as fast as yours.\n` +
      `All is kept in ${path}: delete it to start again.`
    : `simulated: it is ${timeText(anchor.virtual)} there, ${durationText(passed)} after the last command`

/**
 * What is outside of the command, with simulated clouds in place of the real ones: `--sim`.
 *
 * - Nothing goes over the network. Accounts, machines, time and ledger are kept in one file.
 * - No port is opened, unless `logsIn`: then machines can be logged in to on loopback ports, until the command ends.
 * - With `lives`, markets move while they are looked at: prices, and what others rent.
 * - Between two commands their time goes on as much as the real one, times the speed; a day at most.
 */
export const simulate = async (
  io: Io,
  settings: Settings,
  { logsIn = false, lives = false }: { readonly logsIn?: boolean; readonly lives?: boolean } = {}
): Promise<{ readonly io: Io; readonly remark: string } & Disposable> => {
  for (const name of ["ledger", "config"] as const) {
    if (settings[name] === undefined) continue
    throw InvalidRequest.of(`--${name}`, "is for real clouds: with --sim everything is kept in --sim-state")
  }
  const path = settings.simState ?? simulationPath(io.env)
  const real = io.clock ?? realClock
  const beginning = {
    seed: numberIn(io.env, "ANYGPU_SIM_SEED", 1, Number.isSafeInteger),
    speed: numberIn(io.env, "ANYGPU_SIM_SPEED", 60, (value) => value > 0 && value <= 3600)
  }
  const store = openStore(path, beginning, real.now)
  const clock = fastClock(store.anchor, real)
  const rooms = logsIn ? clouds.map(({ name }) => [name, createMachines(name)] as const) : []
  const fetch = Object.fromEntries(
    clouds.flatMap(({ name }) => {
      const make = simulatorOf(name)
      const machines = new Map(rooms).get(name)
      return make ? [[name, simulatedFetch(store, name, make, { time: clock, machines, lives })]] : []
    })
  )
  return {
    io: { ...io, clock, fetch, answerWithin: answerWithinAt(store.anchor.speed), env: simulatedEnv(io.env, path) },
    remark: remarkOf(store, path),
    [Symbol.dispose]: () => {
      for (const [, machines] of rooms) void machines.close()
      store[Symbol.dispose]()
    }
  }
}
