import { Declined, type OperationContext } from "@anygpu/operations"
import type { RunPromises } from "@anygpu/ssh"
import type { Cloud, GpuClient } from "anygpu"
import { type Asker, askerOn } from "./ask.ts"
import type { Io } from "./io.ts"
import type { OpenLedger } from "./ledger.ts"
import { type Output, outputOn } from "./output.ts"
import type { Settings } from "./settings.ts"

/** What a command works with. Nothing is opened before it is asked for. */
export interface Context extends OperationContext {
  readonly io: Io
  readonly settings: Settings
  readonly out: Output
  readonly asker: Asker
  /** Where the ledger is: a file, or the address of a server with its password. It is not to be shown. */
  ledgerPlace(): Promise<string>
  /** Milliseconds of a clock that is never set: for how long something takes. */
  monotonic(): number
  /** Asks before something that cannot be taken back; `Declined` unless the answer is yes. */
  mustConfirm(question: string, yes: boolean): Promise<void>
}

/** Everything opened at most once, and closed when the command ends. */
interface Opened {
  readonly clouds: ReadonlyArray<Cloud>
  readonly gpu: GpuClient & RunPromises
  readonly ledger: OpenLedger
  readonly place: string
}

/** How long each cloud may take, as the option of a client; nothing where it was not said and the client's own time holds. */
export const patienceOf = async (
  { answerWithin: given }: Settings,
  { answerWithin: usual }: Io
): Promise<{ readonly answerWithin?: number }> => {
  if (given === undefined) return usual === undefined ? {} : { answerWithin: usual }
  const { parseDuration } = await import("@anygpu/operations/run")
  return { answerWithin: parseDuration(given, "--answer-within") }
}

const open = async (io: Io, settings: Settings, asker: Asker): Promise<Opened> => {
  const [
    { createGpu },
    { openLedger },
    paths,
    { readConfig },
    keys,
    clouds,
    accounts,
    { chosenClouds },
    { provingLogins }
  ] = await Promise.all([
    import("anygpu"),
    import("./ledger.ts"),
    import("./paths.ts"),
    import("./config.ts"),
    import("./keys.ts"),
    import("./clouds.ts"),
    import("./accounts.ts"),
    import("./known.ts"),
    import("./login-proof.ts")
  ])
  const patience = await patienceOf(settings, io)
  const configFile = settings.config ?? paths.configPath(io.env)
  const config = settings.sim ? {} : await readConfig(configFile)
  const settled = { config, configFile }
  const found = { ...keys.findKeys(io.env, config) }
  const chosen = chosenClouds(config, settings.clouds)
  const named = accounts.chosenAccounts(accounts.findAccounts(io.env, config), chosen, settings.accounts)
  const opening = named.map(({ cloud, name, keys: values }) => clouds.openCloud(cloud, values, io, settled, name))
  const hasName = (cloud: string) => named.some((one) => one.cloud === cloud)
  // Of those that anygpu has, the ones with a key; who names a cloud or writes an adapter down wants it.
  const wanted = chosen.filter((name) => settings.clouds !== null || found[name] || config.adapters?.[name])
  const anyOf = wanted.length === 0 && named.length === 0
  const lacking = anyOf ? chosen : wanted.filter((name) => !found[name] && !hasName(name))
  if (settings.accounts === null && lacking.length > 0 && !asker.possible)
    throw keys.missingKey(lacking, io.env, settled)
  const asked = settings.accounts !== null ? [] : anyOf ? [await asker.choose("Which cloud?", chosen)] : lacking
  for (const name of asked) found[name] = await keys.askForKeys(asker, name, io.env, settled)
  const unnamed = settings.accounts === null ? chosen : []
  const opened = await Promise.all([
    ...unnamed.flatMap((name) => (found[name] ? [clouds.openCloud(name, found[name], io, settled)] : [])),
    ...opening
  ])
  const baseUrls = clouds.baseUrlsOf(io.env, config)
  const place = settings.ledger ?? config.ledger ?? paths.ledgerPath(io.env, baseUrls)
  const ledger = await openLedger(place)
  // Their machines have no addresses that anybody should be sent to.
  const isSimulated = settings.sim || io.clock !== undefined || baseUrls.length > 0
  const ssh = provingLogins({ io, asker }, isSimulated)
  return {
    clouds: opened,
    ledger,
    place,
    gpu: createGpu({ clouds: opened, ledger, ssh, ...patience, ...(io.clock && { clock: io.clock }) })
  }
}

/** Makes what a command works with, and what closes it. */
export const makeContext = (io: Io, settings: Settings): Context & AsyncDisposable => {
  const asker = askerOn(io, settings.input && !settings.json)
  let opened: Promise<Opened> | undefined
  const now = () => io.clock?.now() ?? Date.now()
  const once = () => {
    opened ??= open(io, settings, asker)
    return opened
  }
  const ledger = async () => (await once()).ledger
  const out = outputOn(io, settings)
  return {
    io,
    settings,
    asker,
    out,
    signal: io.signal,
    wholeNames: false,
    now,
    monotonic: () => io.clock?.monotonic?.() ?? io.clock?.now() ?? performance.now(),
    clouds: async () => (await once()).clouds,
    gpu: async () => (await once()).gpu,
    runs: async () => (await once()).gpu,
    ledger,
    ledgerPlace: async () => (await once()).place,
    connect: async (machine, how) =>
      (await import("./connect.ts")).connectHere({ io, settings, asker, ledger }, machine, how),
    presets: async () => {
      const [{ readConfig }, { configPath }] = await Promise.all([import("./config.ts"), import("./paths.ts")])
      return (await readConfig(settings.config ?? configPath(io.env))).presets ?? {}
    },
    setup: async () => (await import("./setup.ts")).setupHere({ io, settings, now }),
    pause: async (millis, signal) => (await import("./pause.ts")).pause({ io, signal }, millis),
    mustConfirm: async (question, yes) => {
      if (yes) return
      if (!asker.possible) throw new Declined(`${question} Nobody can be asked here: pass --yes`)
      if (!(await asker.confirm(question))) throw new Declined("Nothing was changed.")
    },
    [Symbol.asyncDispose]: async () => {
      const done = await opened?.catch(() => undefined)
      if (done) await (await import("./ssh-config/beside.ts")).keepInStep({ io, settings, out, ledger })
      await done?.ledger[Symbol.asyncDispose]()
    }
  }
}
