/**
 * Where the examples run: on clouds that are simulated in this process, or on the real ones whose keys are in the
 * environment. In a program of yours `createGpu({ clouds: [vast({ apiKey })] })` is all that is left of it.
 */
import { readFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { parseArgs } from "node:util"
import { openClouds as openRealClouds } from "@anygpu/clouds"
import { simulateClouds } from "@anygpu/clouds/simulated"
import { createClock } from "@anygpu/simulators"
import { money, type Offer, type PlainClock } from "anygpu"
import { sqliteLedger } from "anygpu/sqlite"

const realClock: PlainClock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal && { signal })
}

/** The clouds, simulated: in a terminal a minute of theirs is a second, elsewhere nobody waits at all. */
const simulatedClouds = async () => {
  const clock = createClock(process.stdout.isTTY ? { mode: { speed: 60 } } : {})
  const { simulators, open } = simulateClouds({ clock, seed: 7, credit: 60 })
  return { clock, simulators, clouds: await open() }
}

/** What may be said of a run: nothing in most cases. */
export interface RunOptions {
  /** The example launches machines: on real clouds it needs a limit of what they may cost. */
  readonly rents?: boolean
  readonly args?: string[]
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Which clouds a run is on, and what it may spend there; said on the terminal too.
 *
 * - On real clouds nothing is launched without `--spend 5`.
 */
export const settingsOf = async ({
  rents = false,
  args = process.argv.slice(2),
  env = process.env
}: RunOptions = {}) => {
  const { values } = parseArgs({ args, options: { spend: { type: "string" }, "ssh-key": { type: "string" } } })
  const { spend, "ssh-key": sshKey = join(homedir(), ".ssh", "id_ed25519.pub") } = values
  const real = await openRealClouds(env)
  if (real.length === 0) {
    console.log("Simulated clouds: no account, no money.\n")
    return { real, spend: spend ?? "100", sshKey }
  }
  if (rents && spend === undefined) {
    throw new Error("This rents machines on real clouds: say what they may cost together, such as --spend 5")
  }
  console.log(`Real clouds, ${real.map(({ name }) => name).join(", ")}: ${spend ?? 0} dollars may be spent.\n`)
  return { real, spend: spend ?? "0", sshKey }
}

/**
 * The clouds of a run, as options for `createGpu`.
 *
 * - The client holds all its launches together to `--spend`.
 * - On real clouds launches are written down in `anygpu-examples.db`: after a crash `npx anygpu sweep --ledger
 *   anygpu-examples.db` ends what was leased, when its time is over.
 */
export const openClouds = async (run: RunOptions = {}) => {
  const { real, spend, sshKey } = await settingsOf(run)
  const spendLimit = { total: money(spend) }
  if (real.length === 0) {
    const { clock, simulators, clouds } = await simulatedClouds()
    const sshKeys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"]
    return { options: { clock, clouds, spendLimit }, simulators, sshKeys }
  }
  const ledger = run.rents ? { ledger: sqliteLedger("anygpu-examples.db") } : {}
  return {
    options: { clock: realClock, clouds: real, spendLimit, ...ledger },
    simulators: null,
    get sshKeys() {
      return [readFileSync(sshKey, "utf8").trim()]
    }
  }
}

const systems: Readonly<Record<string, string>> = {
  ...{ vast: "ubuntu_22.04", huddle: "ubuntu-22.04-cuda-12.4-cluster", lambda: "ubuntu-24-04", verda: "ubuntu-24.04" }
}

/** An image whose ssh server starts by itself: Runpod's own there, since nothing else starts one. */
export const imageOf = ({ provider }: Offer): string =>
  provider === "runpod" ? "runpod/pytorch:1.0.2-cu1281-torch280-ubuntu2404" : "pytorch/pytorch"

/** What is not the same everywhere: how a cloud calls a system. Offers of Fluence and Shadeform name theirs. */
export const osOf = ({ provider, systems: own }: Offer): string => own?.[0] ?? systems[provider] ?? "ubuntu"
