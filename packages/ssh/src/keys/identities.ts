import { readdir, readFile } from "node:fs/promises"
import { homedir } from "node:os"
import { join } from "node:path"
import { InvalidRequest, sshKeyIdentity } from "@anygpu/core"
import type { AgentAuthMethod, PublicKeyAuthMethod } from "ssh2"
import { agentKeys, agentSocket, agentWith, publicKeyOf, wantedKeys } from "./agent.ts"
import type { KeyOptions } from "./key-options.ts"
import { openPrivateKey, type PrivateKey, readPrivateKey } from "./private-key.ts"

/** One thing to try: `name` is for people. Null: it turned out that it cannot be tried. */
export interface Identity {
  readonly name: string
  /** Algorithm and body of its public half; null where that is not known. */
  readonly publicKey: string | null
  readonly method: (user: string) => Promise<PublicKeyAuthMethod | AgentAuthMethod | null>
}

const readText = (path: string): Promise<string | null> => readFile(path, "utf8").catch(() => null)

/** A key with its passphrase asked for, as something to try. */
const fromKey = (name: string, key: PrivateKey, passphrase: KeyOptions["passphrase"]): Identity => ({
  name,
  publicKey: key.publicKey,
  method: async (username) => {
    if (key.encrypted && passphrase === undefined) return null
    const opened = openPrivateKey(key, key.encrypted ? await passphrase?.(name) : undefined)
    if (opened instanceof Error) throw InvalidRequest.of("key", `${name} cannot be opened: ${opened.message}`)
    return { type: "publickey", username, key: opened }
  }
})

const fromAgent = async (path: string, wanted: ReadonlyArray<string>): Promise<ReadonlyArray<Identity>> => {
  const keys = wantedKeys(await agentKeys(path), wanted)
  return keys.map((key) => ({
    name: `${key.type} ${key.comment} (agent)`,
    publicKey: publicKeyOf(key),
    method: async (username) => ({ type: "agent", username, agent: agentWith(path, [key]) })
  }))
}

/** The key that was given, and its name for people. */
const given = async (key: string | Uint8Array): Promise<readonly [string, PrivateKey]> => {
  const isPath = typeof key === "string" && !key.includes("PRIVATE KEY-----")
  const path = isPath ? key.replace(/^~(?=\/|$)/, homedir()) : null
  const text = path === null ? Buffer.from(key).toString("utf8") : await readText(path)
  const name = path ?? "the key that was given"
  if (text === null) throw InvalidRequest.of("key", `${name} cannot be read`)
  const read = readPrivateKey(text, path === null ? null : await readText(`${path}.pub`))
  if (read === null) throw InvalidRequest.of("key", `${name} is no private key`)
  return [name, read]
}

/** Private keys below `~/.ssh`, those with usual names first. */
const inHome = async (folder: string): Promise<ReadonlyArray<readonly [string, PrivateKey]>> => {
  const files = await readdir(folder).catch((): string[] => [])
  const usual = ["id_ed25519", "id_ecdsa", "id_rsa"]
  const rank = (file: string) => (usual.includes(file) ? usual.indexOf(file) : usual.length)
  const candidates = files.filter((file) => !/\.pub$|^(known_hosts|authorized_keys|config)/.test(file))
  const read = await Promise.all(
    candidates
      .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
      .map(async (file) => {
        const text = await readText(join(folder, file))
        const key = text === null ? null : readPrivateKey(text, await readText(join(folder, `${file}.pub`)))
        return key && ([join(folder, file), key] as const)
      })
  )
  return read.filter((entry) => entry !== null)
}

/**
 * What a login tries, in order: the key that was given; else the agent's keys, then those of `~/.ssh`.
 *
 * - Likely keys go before the others, in the same order.
 * - A key of both is tried once, by the agent. An encrypted key that nobody can be asked about is tried by the agent alone.
 * - Rejects with `InvalidRequest` for a given key that cannot be read or is not a key.
 */
export const identities = async (options: KeyOptions, home: string = homedir()): Promise<ReadonlyArray<Identity>> => {
  const { key, passphrase, publicKeys = [], likelyKeys = [] } = options
  const agent = options.agent === false ? null : (options.agent ?? agentSocket())
  const wanted = new Set(publicKeys.map(sshKeyIdentity))
  if (key !== undefined) {
    const [name, read] = await given(key)
    if (!read.encrypted || passphrase) return [fromKey(name, read, passphrase)]
    const held = agent !== null && read.publicKey !== null ? await fromAgent(agent, [read.publicKey]) : []
    if (held.length > 0) return held
    throw InvalidRequest.of("key", `${name} is encrypted: give \`passphrase\`, or add it to the agent`)
  }
  const held = agent === null ? [] : wantedKeys(await agentKeys(agent), publicKeys)
  const inAgent = new Set(held.map(publicKeyOf))
  const files = (await inHome(join(home, ".ssh"))).filter(
    ([, { publicKey, encrypted }]) =>
      !(publicKey !== null && inAgent.has(publicKey)) &&
      (wanted.size === 0 || (publicKey !== null && wanted.has(publicKey))) &&
      (!encrypted || passphrase !== undefined)
  )
  const byAgent = agent === null ? [] : await fromAgent(agent, publicKeys)
  const all = [...byAgent, ...files.map(([name, read]) => fromKey(name, read, passphrase))]
  const likely = new Set(likelyKeys.map(sshKeyIdentity))
  const isLikely = ({ publicKey }: Identity) => publicKey !== null && likely.has(publicKey)
  return [...all.filter(isLikely), ...all.filter((one) => !isLikely(one))]
}
