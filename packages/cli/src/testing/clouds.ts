import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type SimulationOptions, simulateClouds } from "@anygpu/clouds/simulated"
import { createClock, type VirtualClock } from "@anygpu/simulators"
import { fetchTransport, vast } from "@anygpu/vast"
import { createGpu, type Tags } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"
import { type Ran, runIn, type TerminalOptions } from "./terminal.ts"

/** The clouds of these tests: a further one has its own tests, and would only change how many rows there are here. */
const among: ReadonlySet<string> = new Set(["FLUENCE_API_KEY", "HUDDLE_API_KEY", "VAST_API_KEY"])

/** The clouds, simulated in process on one virtual clock, and a command that has the keys of three of them. */
export const simulatedClouds = (
  clock: VirtualClock = createClock(),
  options: Omit<SimulationOptions, "clock"> = {}
) => {
  const { simulators, env: all, listen } = simulateClouds({ clock, ...options })
  const keys = Object.fromEntries(Object.entries(all).filter(([variable]) => among.has(variable)))
  const folder = mkdtempSync(join(tmpdir(), "anygpu-cli-"))
  const env = {
    ...keys,
    HOME: folder,
    ANYGPU_CONFIG: join(folder, "config.json"),
    ANYGPU_LEDGER: join(folder, "ledger.db")
  }
  const fetch: TerminalOptions["fetch"] = Object.fromEntries(
    Object.entries(simulators).map(([name, simulator]) => [name, simulator.fetch])
  )
  /** Runs one call into a terminal or a pipe of these clouds. */
  const runWith = (options: TerminalOptions, ...argv: ReadonlyArray<string>): Promise<Ran> =>
    runIn({ clock, fetch, ...options, env: { ...env, ...options.env } }, ...argv)
  /** Rents a small container on Vast past the command, and waits until it is up. */
  const rent = async (name: string, whose: { readonly tags?: Tags; readonly owner?: string } = {}) => {
    using ledger = sqliteLedger(env.ANYGPU_LEDGER)
    const cloud = vast({ apiKey: simulators.vast.apiKey, transport: fetchTransport(simulators.vast.fetch) })
    const gpu = createGpu({ clouds: [cloud], ledger, clock })
    const [offer] = await gpu.offers({ kind: "container", gpu: "RTX 4090", limit: 1 })
    if (!offer) throw new Error("the simulator has no offer")
    const { ref } = await gpu.rent({ offer, name, image: "ubuntu:24.04", ports: [{ port: 8000 }], ...whose })
    return await gpu.waitUntilReady(ref)
  }
  return {
    rent,
    simulators,
    /** The way to each cloud, by its name. */
    fetch,
    clock,
    /** Has the config file and the ledger; gone when the test is over. */
    folder,
    env,
    runWith,
    /** Runs one call into a pipe. */
    run: (...argv: ReadonlyArray<string>): Promise<Ran> => runWith({}, ...argv),
    /** Serves the clouds on loopback ports, for tests of real requests and processes. */
    listen,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}
