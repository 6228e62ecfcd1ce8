import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { type Instance, sshKeyIdentity } from "anygpu"
import { runPromise } from "effect/Effect"
import type { Context } from "../context.ts"
import { readText } from "../read-text.ts"

/** The private keys below a folder whose public halves lie beside them, by the part that distinguishes a public key. */
const keysIn = async (folder: string): Promise<ReadonlyMap<string, string>> => {
  const files = await readdir(folder).catch((): string[] => [])
  const found = await Promise.all(
    files
      .filter((file) => file.endsWith(".pub"))
      .map(async (file) => {
        const text = await readText(join(folder, file)).catch(() => null)
        return text === null
          ? []
          : [[sshKeyIdentity(text.trim()), join(folder, file.slice(0, -".pub".length))] as const]
      })
  )
  return new Map(found.flat())
}

/** Keys that ssh tries by itself. */
const usual = /\/id_(ed25519|ecdsa|rsa)$/

/**
 * Which private key each machine lets in: the one whose public half its launch was given, where the ledger knows it and
 * ssh would not try it by itself.
 */
export const identitiesOf = async (
  { ledger }: Pick<Context, "ledger">,
  machines: ReadonlyArray<Pick<Instance, "ref">>,
  folder: string
): Promise<ReadonlyMap<string, string>> => {
  const keys = await keysIn(folder)
  if (keys.size === 0) return new Map()
  const launches = await runPromise((await ledger()).launches())
  return new Map(
    machines.flatMap(({ ref }) => {
      const own = launches.filter(
        ({ provider, kind, instanceId }) => provider === ref.provider && kind === ref.kind && instanceId === ref.id
      )
      const given = own.flatMap(({ spec: { sshKeys } }) => (Array.isArray(sshKeys) ? sshKeys : []))
      const files = given.flatMap((key) => (typeof key === "string" ? (keys.get(sshKeyIdentity(key)) ?? []) : []))
      const [file] = files
      return file === undefined || files.some((one) => usual.test(one)) ? [] : [[String(ref), file] as const]
    })
  )
}
