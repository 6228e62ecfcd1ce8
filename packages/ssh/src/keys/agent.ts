import { sshKeyIdentity } from "@anygpu/core"
import ssh2, { type BaseAgent, type ParsedKey } from "ssh2"

/** Where the agent of this login listens; null for none. */
export const agentSocket = (): string | null =>
  process.env["SSH_AUTH_SOCK"] || (process.platform === "win32" ? "\\\\.\\pipe\\openssh-ssh-agent" : null)

/** Algorithm and body of the public half. */
export const publicKeyOf = (key: ParsedKey): string => `${key.type} ${key.getPublicSSH().toString("base64")}`

/** The keys that an agent holds and `ssh2` can use; none where it cannot be asked. */
export const agentKeys = (path: string): Promise<ReadonlyArray<ParsedKey>> =>
  new Promise((resolve) => {
    ssh2.createAgent(path).getIdentities((error, keys = []) => {
      if (error) return resolve([])
      resolve(keys.flatMap((key) => (typeof key === "string" || Buffer.isBuffer(key) ? [] : [key as ParsedKey])))
    })
  })

/** The keys of an agent that are wanted; all of them where nothing is named. */
export const wantedKeys = (keys: ReadonlyArray<ParsedKey>, wanted: ReadonlyArray<string>): ReadonlyArray<ParsedKey> => {
  const identities = new Set(wanted.map(sshKeyIdentity))
  return identities.size === 0 ? keys : keys.filter((key) => identities.has(publicKeyOf(key)))
}

/** An agent that shows these keys only, so that a server that counts tries does not end the login before the right one. */
export const agentWith = (path: string, keys: ReadonlyArray<ParsedKey>): BaseAgent => {
  class Chosen extends ssh2.OpenSSHAgent {
    override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
      done(null, [...keys])
    }
  }
  return new Chosen(path)
}
