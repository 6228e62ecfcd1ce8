import { constants } from "node:fs"
import { access, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { type Check, check } from "@anygpu/operations/run"
import { InstanceRef, type LaunchRecord, type Ledger } from "anygpu"
import { runPromise } from "effect/Effect"
import { type Config, readConfig } from "../config.ts"
import { isServer, openLedger, shownLedger } from "../ledger.ts"

const about = "this computer"

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** The version of Node; an old one does not come this far. */
export const nodeCheck = (): Check => check(about, "Node", "ok", process.versions.node)

/** The config file, and what is wrong with it: a file that cannot be used counts as empty from here on. */
export const configCheck = async (path: string): Promise<{ readonly config: Config; readonly check: Check }> => {
  try {
    const config = await readConfig(path)
    const isThere = await stat(path).then(
      () => true,
      () => false
    )
    const found = isThere ? `${path}, readable by its owner alone` : `none at ${path}`
    return { config, check: check(about, "config", isThere ? "ok" : "skipped", found) }
  } catch (error) {
    const advice = "correct the file; until then it is not used"
    return { config: {}, check: check(about, "config", "bad", textOf(error), advice) }
  }
}

/** The nearest folder above a file that is there. */
const folderOf = async (path: string): Promise<string> => {
  const folder = dirname(path)
  const isThere = await stat(folder).then(
    () => true,
    () => false
  )
  return isThere || folder === path ? folder : folderOf(folder)
}

/** Where no ledger is yet, whether one can be made; null where one is, or where a server has to say. */
const missingLedger = async (place: string): Promise<Check | null> => {
  if (isServer(place)) return null
  const isThere = await stat(place).then(
    () => true,
    () => false
  )
  await access(isThere ? place : await folderOf(place), constants.W_OK)
  return isThere ? null : check(about, "ledger", "ok", `none yet, the first launch makes ${place}`)
}

/** How many leases of a ledger are over, of machines that are not known to be gone. */
const overdueIn = async (ledger: Ledger, launches: ReadonlyArray<LaunchRecord>, now: number): Promise<number> => {
  const due = launches.filter(
    ({ state, leaseUntil }) => state === "created" && leaseUntil !== null && leaseUntil <= now
  )
  const gone = await Promise.all(
    due.map(async ({ provider, kind, instanceId }) => {
      const machine = await runPromise(ledger.machine(new InstanceRef(provider, kind, instanceId ?? "")))
      return machine?.goneAt != null
    })
  )
  return gone.filter((isGone) => !isGone).length
}

/** The ledger: whether it can be written, and what in it waits for somebody. */
export const ledgerCheck = async (place: string, now: number): Promise<Check> => {
  try {
    const missing = await missingLedger(place)
    if (missing) return missing
    await using ledger = await openLedger(place)
    const launches = await runPromise(ledger.launches())
    const open = launches.filter(({ state }) => state === "open" || state === "unsettled")
    const overdue = await overdueIn(ledger, launches, now)
    const found = `${await shownLedger(place)}, ${launches.length} ${launches.length === 1 ? "launch" : "launches"}`
    if (overdue > 0) {
      const beyond = `${found}, ${overdue} of them beyond its rented time`
      return check(about, "ledger", "bad", beyond, "anygpu sweep ends them")
    }
    if (open.length === 0) return check(about, "ledger", "ok", found)
    const advice = "anygpu audit --recover looks for their machines"
    return check(about, "ledger", "bad", `${found}, of ${open.length} it is not known whether a machine came`, advice)
  } catch (error) {
    const found = isServer(place) ? textOf(error) : `${place}: ${textOf(error)}`
    const advice = isServer(place)
      ? "no launch is possible without it"
      : "no launch is possible without it: make it writable"
    return check(about, "ledger", "bad", found, advice)
  }
}
