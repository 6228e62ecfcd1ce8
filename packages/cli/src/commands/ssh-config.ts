import { type InputOf, sshConfig } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { sshConfig as running } from "@anygpu/operations/run"
import { Unsupported } from "anygpu"
import { print } from "../command/answering.ts"
import type { sshConfigFields } from "../command/using-fields.ts"
import type { Context } from "../context.ts"
import { noneText } from "../listing.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { sshConfigFiles } from "../ssh-config/files.ts"
import { install, uninstall } from "../ssh-config/keep.ts"
import { hostsIn } from "../ssh-config/stanzas.ts"

const remove = async (context: Context): Promise<number> => {
  const { out, io } = context
  await uninstall(context)
  const text = `Removed from ${sshConfigFiles(io.env).user}, with the file that it included.`
  out.answer({ json: () => ({ removed: true }), text: () => plain(text) })
  return exitCodes.done.code
}

/** `anygpu ssh-config`: what ssh needs to reach the machines by name, printed or kept in its configuration. */
export const run = async (context: Context, input: InputOf<typeof sshConfigFields>): Promise<number> => {
  const { install: installs = false, remove: removes = false, identity } = input
  const { io, settings } = context
  if (installs && removes) throw new Usage("--install or --remove, not both")
  if (removes) return await remove(context)
  if (settings.sim && installs) {
    const message = "simulated machines are not written into your ssh configuration; without --install they are printed"
    throw new Unsupported({ message, retry: "permanent", feature: "ssh-config" })
  }
  const operation = await sshConfig.load()
  const found = await running.run(context)
  const { entries, complete, problems } = found
  const json = () => operation.encode(found, context.signal.aborted)
  if (!installs) {
    const text = () => (entries.length > 0 ? running.encode(found).text : noneText("No machines.", complete))
    return print(context, { text, gathered: found }, json)
  }
  const lacking = new Set(problems.filter(({ field }) => field === undefined).map(({ provider }) => provider))
  const asked = (await context.clouds()).map(({ name }) => name)
  const isWhole = (cloud: string) => asked.includes(cloud) && (complete || (problems.length > 0 && !lacking.has(cloud)))
  const stanzas = await install(context, entries, isWhole, identity)
  const lines = stanzas.map(({ ref, lines: stanza }) => `ssh ${hostsIn(stanza)[0] ?? ""} is ${ref}`)
  const text = () => (lines.length > 0 ? lines.map(plain).join("\n") : noneText("No machines yet.", complete))
  const { own, user } = sshConfigFiles(io.env)
  const notes = [plain(`kept in ${own}, which ${user} includes; machines that end fall away`)]
  return print(context, { text, notes, gathered: found }, json)
}
