import type { SshKey } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { KeysJson } from "./protocol/answers/keys.ts"
import { type Gathered, gatheredJson } from "./protocol/model.ts"

/** One key on one account, as it is written in JSON. */
export type KeyJson = KeysJson["keys"][number]

/** Keys of the accounts. */
export interface Keys extends Gathered {
  readonly keys: ReadonlyArray<KeyJson>
  /** Clouds whose account holds no keys. */
  readonly lacking: ReadonlyArray<string>
}

/** A key on the account of one cloud. */
export const keyJson = (provider: string, { id, name, publicKey, fingerprint, native = {} }: SshKey): KeyJson => ({
  ...{ ref: `${provider}/${id}`, provider, id, name, publicKey, fingerprint, native: { ...native } }
})

/** Asks all accounts for their keys. */
export const run = async (context: OperationContext): Promise<Keys> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const { answers, ...found } = await out.during("asking for keys", () => gpu.accounts("sshKeys", { signal }))
  return {
    ...found,
    keys: answers.flatMap(({ provider, answer }) => answer.items.map((key) => keyJson(provider, key)))
  }
}

/** The keys in JSON. */
export const encode = ({ keys, lacking, ...found }: Keys): KeysJson => ({
  keys: [...keys],
  lacking: [...lacking],
  ...gatheredJson(found)
})
