import { type DoctorJson, exitCodes, problemsJson } from "@anygpu/operations/protocol"
import type { Run } from "../catalogue/entry.ts"
import { baseUrlsOf, type Settled } from "../clouds.ts"
import type { Context } from "../context.ts"
import { type Check, check } from "../doctor/check.ts"
import { examineCloud, type Findings } from "../doctor/cloud.ts"
import { configCheck, ledgerCheck, nodeCheck } from "../doctor/computer.ts"
import { findKeys, keysOf, variableSet } from "../keys.ts"
import { chosenClouds, knownClouds } from "../known.ts"
import type { Colors } from "../output.ts"
import { configPath, ledgerPath } from "../paths.ts"
import { type Column, tableText } from "../table.ts"

const paint = (text: string, { state }: Check, colors: Colors): string =>
  state === "ok" ? colors.green(text) : state === "bad" ? colors.red(text) : colors.dim(text)

const columns: ReadonlyArray<Column<Check>> = [
  { head: "", cell: ({ about }) => about, spare: 0, paint: (text, _, colors) => colors.bold(text) },
  { head: "check", cell: ({ check: what }) => what, spare: 0 },
  { head: "", cell: ({ state }) => (state === "skipped" ? "-" : state), spare: 0, paint },
  { head: "found", cell: ({ found, advice }) => (advice === null ? found : `${found} -> ${advice}`), spare: 0 }
]

/** One cloud, from its key on. */
const examine = async (context: Context, name: string, settled: Settled, needed: boolean): Promise<Findings> => {
  const { env } = context.io
  const { config, configFile } = settled
  const values = findKeys(env, config)[name]
  const keys = keysOf(name, config)
  if (values === undefined) {
    const advice = `set ${keys.map(({ variables: [first] }) => first).join(", ")}, or put the key into the config file`
    return {
      checks: [check(name, "key", needed ? "bad" : "skipped", "none", needed ? advice : undefined)],
      drift: [],
      problems: []
    }
  }
  const source = context.settings.sim
    ? "the simulated cloud's own"
    : `from ${keys.map((key) => variableSet(env, key) ?? configFile).join(", ")}`
  const found = check(name, "key", "ok", source)
  try {
    const { checks, ...findings } = await examineCloud(context, name, values, settled)
    return { checks: [found, ...checks], ...findings }
  } catch (error) {
    if (context.signal.aborted || !(error instanceof Error)) throw error
    return {
      checks: [found, check(name, "settings", "bad", error.message, "correct the key or the base URL")],
      drift: [],
      problems: []
    }
  }
}

/** `anygpu doctor`: keys, network, clocks, ledger, and what the clouds have changed. It only reads. */
export const run: Run = async (context) => {
  const { io, settings, out, now } = context
  const configFile = settings.config ?? configPath(io.env)
  const { config, check: ofConfig } = settings.sim
    ? { config: {}, check: check("this computer", "config", "skipped", "simulated clouds need none") }
    : await configCheck(configFile)
  const keys = findKeys(io.env, config)
  const names = chosenClouds(config, settings.clouds)
  const ledger = settings.ledger ?? config.ledger ?? ledgerPath(io.env, baseUrlsOf(io.env, config))
  const needed = settings.clouds !== null || knownClouds(config).every((name) => keys[name] === undefined)
  const ofLedger = await ledgerCheck(ledger, now())
  const clouds = await out.during("asking the clouds", () =>
    Promise.all(
      names.map((name) =>
        examine(context, name, { config, configFile }, needed || config.adapters?.[name] !== undefined)
      )
    )
  )
  const checks = [nodeCheck(), ofConfig, ofLedger, ...clouds.flatMap((cloud) => cloud.checks)]
  const problems = clouds.flatMap((cloud) => cloud.problems)
  const bad = checks.filter(({ state }) => state === "bad").length
  out.answer({
    json: (): DoctorJson => ({
      ...{ well: bad === 0, checks, drift: clouds.flatMap(({ drift }) => drift) },
      ...{ complete: problems.length === 0, problems: problemsJson(problems) }
    }),
    // What a group is about stands in its first row.
    text: () =>
      tableText(
        out,
        columns,
        checks.map((one, index) => (checks[index - 1]?.about === one.about ? { ...one, about: "" } : one))
      )
  })
  out.note(bad === 0 ? "All is well." : `${bad} of ${checks.length} need somebody.`)
  return bad === 0 ? exitCodes.done.code : exitCodes.unwell.code
}
