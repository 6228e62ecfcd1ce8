import { InvalidRequest, NotFound, sshKeyProblem, visible } from "anygpu"
import type { addKeyInput, removeKeyInput } from "./change-keys.ts"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { encode, type KeyJson, type Keys, keyJson, run as listKeys } from "./keys.run.ts"
import { type Able, changeAccounts } from "./machines/accounts.ts"
import type { Implementation } from "./operation.ts"

/** The key that a text names: by its ref, id or name. Throws `InvalidRequest` where it names several. */
export const findKey = async (context: OperationContext, text: string): Promise<KeyJson> => {
  const { keys, problems } = await listKeys(context)
  const found = keys.filter(({ ref, id, name }) => [ref, id, name].includes(text))
  const [key, ...others] = found
  if (others.length > 0) {
    const all = found.map(({ ref, name }) => `  ${ref} (${visible(name ?? "no name")})`).join("\n")
    throw InvalidRequest.of("key", `"${text}" fits ${found.length} keys; write one of them as cloud/id:\n${all}`)
  }
  if (key) return key
  const [problem] = problems
  throw problem?.error ?? new NotFound({ message: `No account has the key "${text}"`, retry: "permanent" })
}

/** Takes a key away from its account; answers the key that was there. */
export const takeKey = async (context: OperationContext, key: KeyJson): Promise<Keys> => {
  const { now, out, signal } = context
  const gpu = await context.gpu()
  const take = async (able: Able<"removeSshKey">) => {
    if (able.provider === key.provider) await able.removeSshKey(key.id, { signal })
  }
  await out.during(`removing ${key.ref}`, () => changeAccounts(gpu, "removeSshKey", take))
  return { keys: [key], lacking: [], complete: true, problems: [], observedAt: { epochMilliseconds: now() } }
}

/** Puts a key on every account that takes one; a cloud that fails is a problem of the answer. */
export const addKey: Implementation<InputOf<typeof addKeyInput>, Keys> = {
  run: async (context, { key, name }) => {
    const { now, out, signal } = context
    const problem = sshKeyProblem(key)
    if (problem !== null) throw InvalidRequest.of("key", problem)
    const gpu = await context.gpu()
    const put = async ({ provider, addSshKey }: Able<"addSshKey">) =>
      keyJson(provider, await addSshKey(key.trim(), name, { signal }))
    const { answers, ...rest } = await out.during("adding the key", () => changeAccounts(gpu, "addSshKey", put))
    return { ...rest, keys: answers, observedAt: { epochMilliseconds: now() } }
  },
  encode
}

/** Finds a key and takes it away. */
export const removeKey: Implementation<InputOf<typeof removeKeyInput>, Keys> = {
  run: async (context, { key }) => await takeKey(context, await findKey(context, key)),
  encode
}
