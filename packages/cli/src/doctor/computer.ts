import { constants } from "node:fs"
import { access, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { type Check, check } from "@anygpu/operations/run"
import { sqliteLedger } from "anygpu/sqlite"
import { runPromise } from "effect/Effect"
import { type Config, readConfig } from "../config.ts"

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

/** The ledger: whether it can be written, and what in it waits for somebody. */
export const ledgerCheck = async (path: string, now: number): Promise<Check> => {
  try {
    const isThere = await stat(path).then(
      () => true,
      () => false
    )
    await access(isThere ? path : await folderOf(path), constants.W_OK)
    if (!isThere) return check(about, "ledger", "ok", `none yet, the first launch makes ${path}`)
    using ledger = sqliteLedger(path)
    const launches = await runPromise(ledger.launches())
    const open = launches.filter(({ state }) => state === "open" || state === "unsettled")
    const due = launches.filter(
      ({ state, leaseUntil }) => state === "created" && leaseUntil !== null && leaseUntil <= now
    )
    const gone = await Promise.all(
      due.map(async ({ provider, kind, instanceId }) => {
        const machines = await runPromise(ledger.machines(provider, kind))
        return machines.get(instanceId ?? "")?.goneAt != null
      })
    )
    const overdue = gone.filter((isGone) => !isGone).length
    const found = `${path}, ${launches.length} ${launches.length === 1 ? "launch" : "launches"}`
    if (overdue > 0) {
      return check(
        about,
        "ledger",
        "bad",
        `${found}, ${overdue} of them beyond its rented time`,
        "anygpu sweep ends them"
      )
    }
    if (open.length === 0) return check(about, "ledger", "ok", found)
    const advice = "anygpu audit --recover looks for their machines"
    return check(about, "ledger", "bad", `${found}, of ${open.length} it is not known whether a machine came`, advice)
  } catch (error) {
    return check(
      about,
      "ledger",
      "bad",
      `${path}: ${textOf(error)}`,
      "no launch is possible without it: make it writable"
    )
  }
}
