import type { OperationContext } from "./context.ts"
import { run as list } from "./list.run.ts"
import type { SshConfigJson } from "./protocol/answers/ssh-config.ts"
import { type Gathered, gatheredJson } from "./protocol/model.ts"
import { type SshEntry, sshConfigLines, sshEntries } from "./ssh-config/entries.ts"

/** The machines that can be reached by ssh. */
export interface SshConfig extends Gathered {
  readonly entries: ReadonlyArray<SshEntry>
}

/** Lists the machines that can be reached. */
export const run = async (context: OperationContext): Promise<SshConfig> => {
  const { machines, complete, problems, observedAt } = await list(context, {})
  return { entries: sshEntries(machines), complete, problems, observedAt }
}

/** The entries in JSON, with the text for a configuration file. */
export const encode = ({ entries, ...gathered }: SshConfig): SshConfigJson => ({
  machines: entries.map(({ aliases, ...entry }) => ({ ...entry, aliases: [...aliases] })),
  text: entries.map((entry) => `${sshConfigLines(entry).join("\n")}\n`).join("\n"),
  ...gatheredJson(gathered)
})
