import { readFile } from "node:fs/promises"
import { type Able, type Answers, changeAccounts } from "@anygpu/operations"
import { gatheredJson, type KeysJson } from "@anygpu/operations/protocol"
import { type GpuClient, InvalidRequest, NotFound, type SshKey, sshKeyProblem } from "anygpu"
import type { Run } from "../catalogue/entry.ts"
import type { Context } from "../context.ts"
import { noneText, tellProblems } from "../listing.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"
import { argumentOf, isOn, textOf } from "../words.ts"

type Row = KeysJson["keys"][number]

const rowOf = (provider: string, { id, name, publicKey, fingerprint, native = {} }: SshKey): Row => ({
  ...{ ref: `${provider}/${id}`, provider, id, name, publicKey, fingerprint, native: { ...native } }
})

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

/** What is told of keys that are there, were added or were removed. */
interface Told extends Omit<Answers<Row>, "answers"> {
  readonly keys: ReadonlyArray<Row>
}

const tell = ({ out, now }: Context, { keys, lacking, ...told }: Told, none: string): number => {
  const gathered = { ...told, observedAt: { epochMilliseconds: now() } }
  out.answer({
    json: (): KeysJson => ({ keys: [...keys], lacking: [...lacking], ...gatheredJson(gathered) }),
    text: () => (keys.length > 0 ? tableText(out, columns, keys) : noneText(none, told.complete))
  })
  for (const cloud of lacking) out.note(`${cloud} keeps no keys on the account: give them at the launch`)
  return tellProblems(out, told)
}

const listed = async ({ out, signal }: Context, gpu: GpuClient): Promise<Told> => {
  const found = await out.during("asking for keys", () => gpu.accounts("sshKeys", { signal }))
  const { answers, lacking, complete, problems } = found
  return {
    keys: answers.flatMap(({ provider, answer }) => answer.items.map((key) => rowOf(provider, key))),
    lacking,
    complete,
    problems
  }
}

/** The text of a public key: itself, or what is in a file. */
const publicKeyOf = async (given: string): Promise<string> => {
  if (sshKeyProblem(given) === null) return given.trim()
  const text = await readFile(given, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw InvalidRequest.of("key", `${given} is neither a public key nor a file that can be read (${error.code})`)
  })
  const problem = sshKeyProblem(text)
  if (problem === null) return text.trim()
  throw InvalidRequest.of("key", `${given}: ${problem}`)
}

const add = async (context: Context, gpu: GpuClient, given: string, name: string | undefined): Promise<number> => {
  const { out, signal } = context
  const publicKey = await publicKeyOf(given)
  const put = async ({ provider, addSshKey }: Able<"addSshKey">) =>
    rowOf(provider, await addSshKey(publicKey, name, { signal }))
  const { answers, ...rest } = await out.during("adding the key", () => changeAccounts(gpu, "addSshKey", put))
  return tell(context, { keys: answers, ...rest }, "No account takes keys.")
}

const remove = async (context: Context, gpu: GpuClient, given: string, yes: boolean): Promise<number> => {
  const { out, signal } = context
  const { keys, problems } = await listed(context, gpu)
  const found = keys.filter(({ ref, id, name }) => [ref, id, name].includes(given))
  const [key, ...others] = found
  if (others.length > 0) {
    const all = found.map(({ ref, name }) => `  ${ref} (${plain(name ?? "no name")})`).join("\n")
    throw InvalidRequest.of("key", `"${given}" fits ${found.length} keys; write one of them as cloud/id:\n${all}`)
  }
  if (!key) {
    const [problem] = problems
    throw problem?.error ?? new NotFound({ message: `No account has the key "${given}"`, retry: "permanent" })
  }
  await context.mustConfirm(`Remove ${key.ref} (${plain(key.name ?? "no name")}) from the account?`, yes)
  const take = async (able: Able<"removeSshKey">) => {
    if (able.provider === key.provider) await able.removeSshKey(key.id, { signal })
  }
  await out.during(`removing ${key.ref}`, () => changeAccounts(gpu, "removeSshKey", take))
  return tell(context, { keys: [key], lacking: [], complete: true, problems: [] }, "")
}

/** `anygpu keys`: the ssh keys of the accounts. */
export const run: Run = async (context, args, options) => {
  const [action, given] = [argumentOf(args, 0) ?? "list", argumentOf(args, 1)]
  if (action !== "list" && given === undefined) throw new Usage(`missing required argument 'key' of keys ${action}`)
  const gpu = await context.gpu()
  if (given !== undefined && action === "add") return add(context, gpu, given, textOf(options, "name"))
  if (given !== undefined && action === "remove") return remove(context, gpu, given, isOn(options, "yes"))
  return tell(context, await listed(context, gpu), "No keys.")
}
