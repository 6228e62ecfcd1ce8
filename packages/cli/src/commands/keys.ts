import { addKey, type InputOf, keys } from "@anygpu/operations"
import type { KeysJson } from "@anygpu/operations/protocol"
import { encodeKeys, findKey, type Keys, takeKey } from "@anygpu/operations/run"
import { InvalidRequest, sshKeyProblem } from "anygpu"
import { answering, print } from "../command/answering.ts"
import type { keysFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { noneText } from "../listing.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { readText } from "../read-text.ts"
import { type Column, tableText } from "../table.ts"

type Row = KeysJson["keys"][number]

/** The key without its long middle. */
const shortKey = ({ publicKey, fingerprint }: Row): string => {
  const [algorithm = "", body = ""] = (publicKey ?? "").split(/\s+/)
  return publicKey === null ? (fingerprint ?? "?") : `${algorithm} ...${body.slice(-12)}`
}

const columns: ReadonlyArray<Column<Row>> = [
  { head: "key", cell: ({ ref }) => plain(ref), spare: 0 },
  { head: "name", cell: ({ name }) => plain(name ?? "-"), spare: 1 },
  { head: "public key", cell: (row) => plain(shortKey(row)), spare: 2 }
]

/** Says which keys are there, were added or were removed. */
const keysText =
  (none: string) =>
  ({ out }: Context, { keys: rows, lacking, ...gathered }: Keys) => ({
    text: () => (rows.length > 0 ? tableText(out, columns, rows) : noneText(none, gathered.complete)),
    notes: lacking.map((cloud) => `${cloud} keeps no keys on the account: give them at the launch`),
    gathered
  })

/** The text of a public key: itself, or what is in a file. */
const publicKeyOf = async (given: string): Promise<string> => {
  if (sshKeyProblem(given) === null) return given.trim()
  const text = await readText(given).catch((error: NodeJS.ErrnoException) => {
    throw InvalidRequest.of("key", `${given} is neither a public key nor a file that can be read (${error.code})`)
  })
  const problem = sshKeyProblem(text)
  if (problem === null) return text.trim()
  throw InvalidRequest.of("key", `${given}: ${problem}`)
}

const add = async (context: Context, key: string, name: string | undefined): Promise<number> =>
  await answering(addKey, keysText("No account takes keys."))(context, { key: await publicKeyOf(key), name })

const remove = async (context: Context, text: string, yes: boolean): Promise<number> => {
  const { ref, name, ...key } = await findKey(context, text)
  await context.mustConfirm(`Remove ${ref} (${plain(name ?? "no name")}) from the account?`, yes)
  const removed = await takeKey(context, { ref, name, ...key })
  return print(context, keysText("")(context, removed), () => encodeKeys(removed))
}

/** `anygpu keys`: the ssh keys of the accounts. */
export const run = async (context: Context, input: InputOf<typeof keysFields>): Promise<number> => {
  const { action = "list", key, name, yes = false } = input
  if (action === "list") return await answering(keys, keysText("No keys."))(context, {})
  if (key === undefined) throw new Usage(`missing required argument 'key' of keys ${action}`)
  return action === "add" ? await add(context, key, name) : await remove(context, key, yes)
}
