import { errorJson, exitCodes } from "@anygpu/operations/failure"
import { CommanderError } from "commander"
import type { CommandEntry, Options } from "./catalogue/entry.ts"
import { completeWord } from "./completion/scripts.ts"
import { makeContext } from "./context.ts"
import { errorText } from "./failure.ts"
import type { Io } from "./io.ts"
import { outputOn } from "./output.ts"
import { Usage } from "./own-errors.ts"
import { makeProgram } from "./program.ts"
import type { Settings } from "./settings.ts"
import { isOn, textOf, textsOf } from "./words.ts"

const settingsOf = (options: Options): Settings => {
  const named = textsOf(options, "cloud")
  const accounts = textsOf(options, "account")
  return {
    json: isOn(options, "json"),
    quiet: isOn(options, "quiet"),
    input: isOn(options, "input"),
    color: isOn(options, "color"),
    sim: isOn(options, "sim") || textOf(options, "simState") !== undefined,
    simState: textOf(options, "simState"),
    config: textOf(options, "config"),
    ledger: textOf(options, "ledger"),
    answerWithin: textOf(options, "answerWithin"),
    clouds: named.length > 0 ? named : null,
    accounts: accounts.length > 0 ? accounts : null
  }
}

/** Prints an error on standard error, and answers its exit code. */
const fail = (error: unknown, io: Io, settings: Pick<Settings, "json" | "color">): number => {
  const interrupted = io.signal.aborted
  const json = errorJson(error, interrupted)
  outputOn(io, { ...settings, quiet: false }).fail(
    settings.json ? JSON.stringify({ error: json }) : errorText(error, interrupted)
  )
  return json.exitCode
}

/** Whether a command logs in to machines, so that simulated ones have to be there; an address that it prints is for later. */
const logsIn = ({ group, name }: CommandEntry, { print }: Options): boolean =>
  group === "Use" && name !== "ssh-config" && print !== true

const runCommand = async (
  io: Io,
  entry: CommandEntry,
  args: Parameters<Awaited<ReturnType<CommandEntry["load"]>>["run"]>[1],
  options: Options
): Promise<number> => {
  const settings = settingsOf(options)
  // It is read from the disk while simulated clouds are made; an error shows where it is awaited.
  const loading = entry.load()
  loading.catch(() => {})
  try {
    using simulation = settings.sim
      ? await (await import("./simulation/index.ts")).simulate(io, settings, {
          logsIn: logsIn(entry, options),
          lives: entry.name === "dashboard"
        })
      : undefined
    if (simulation) outputOn(io, settings).note(simulation.remark)
    await using context = makeContext(simulation?.io ?? io, settings)
    const { run } = await loading
    return await run(context, args, options)
  } catch (error) {
    return fail(error, io, settings)
  }
}

/**
 * One call of the command: reads `argv`, which has neither Node nor the script in it, runs it and answers the exit code.
 *
 * - Everything it touches is in `io`; it never ends the process.
 */
export const main = async (argv: ReadonlyArray<string>, io: Io): Promise<number> => {
  // A shell's script asks with words that may be no command line of ours.
  if (argv[0] === completeWord) return (await import("./completion/answer.ts")).answerShell(argv.slice(1), io)
  let code: number = exitCodes.done.code
  const program = makeProgram(io, async (entry, args, options) => {
    code = await runCommand(io, entry, args, options)
  })
  try {
    await program.parseAsync([...argv], { from: "user" })
    return code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return exitCodes.done.code
    // Without a command the help was printed, on standard error: nothing is to be added.
    if (error.code === "commander.help") return exitCodes.usage.code
    const ours = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length)
    const settings = { json: ours.includes("--json"), color: !ours.includes("--no-color") }
    return fail(new Usage(error.message.replace(/^error: /, "")), io, settings)
  }
}
