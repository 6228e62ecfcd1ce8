import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type ConnectionLost, Unsupported } from "@anygpu/core"
import { connectionLost, loginRefused, reasonOf, type SshError, unreachable } from "../failures.ts"
import { fingerprintOf, hostKeyChanged } from "../host-keys.ts"
import { reader, sent } from "../shell/script.ts"
import { type Askpass, askpassFor } from "./askpass.ts"
import type { Channel, Connection, Exit } from "./connection.ts"
import { exitFilter, withExitMark } from "./exit-mark.ts"
import type { Login } from "./login.ts"
import { controlOf, makeFolder } from "./openssh-folder.ts"
import { portOf } from "./openssh-port.ts"

const seconds = (millis: number): number => Math.max(1, Math.round(millis / 1000))

/** What the first line of a login that worked says. */
const greeting = "#anygpu-in"

/** The options of the one connection, which all further processes share. */
const optionsOf = async (folder: string, login: Login, asking: Askpass["options"]): Promise<ReadonlyArray<string>> => {
  const { address, name, knownHosts, keepAlive, key, agent } = login
  const expected = await knownHosts.get(name)
  const hosts = join(folder, "known_hosts")
  await writeFile(hosts, expected === null ? "" : `${name} ${expected}\n`)
  const own: Record<string, string | number> = {
    ...asking,
    ControlMaster: "yes",
    ControlPath: controlOf(folder),
    ControlPersist: "no",
    HostKeyAlias: name,
    UserKnownHostsFile: hosts,
    GlobalKnownHostsFile: "/dev/null",
    HashKnownHosts: "no",
    CheckHostIP: "no",
    UpdateHostKeys: "no",
    StrictHostKeyChecking: expected === null ? "accept-new" : "yes",
    ServerAliveInterval: seconds(keepAlive),
    ServerAliveCountMax: 3,
    LogLevel: "ERROR",
    ...(agent === false && { IdentityAgent: "none" }),
    ...(typeof agent === "string" && { IdentityAgent: agent }),
    ...(key !== undefined && { IdentitiesOnly: "yes" })
  }
  const identity = key === undefined ? [] : ["-i", await keyFile(folder, key)]
  const options = Object.entries(own).flatMap(([option, value]) => ["-o", `${option}=${value}`])
  return [...options, ...identity, "-p", String(address.port), `${address.user}@${address.host}`]
}

/** Where a key that was given as text is. */
const ownKey = (folder: string): string => join(folder, "key")

/** The file of a key: a key that was given as text is in one of its own until somebody is in. */
const keyFile = async (folder: string, key: string | Uint8Array): Promise<string> => {
  if (typeof key === "string" && !key.includes("PRIVATE KEY-----")) return key
  const path = ownKey(folder)
  const text = Buffer.from(key).toString("utf8")
  await writeFile(path, text.endsWith("\n") ? text : `${text}\n`, { mode: 0o600 })
  return path
}

const start = (args: ReadonlyArray<string>, env: Askpass["env"] = {}): ChildProcessWithoutNullStreams => {
  const child = spawn("ssh", args, { stdio: "pipe", env: { ...process.env, LC_ALL: "C", ...env } })
  child.stdin.on("error", () => {})
  return child
}

/** What the system's ssh says of a login that failed. */
const loginFailure = async (login: Login, folder: string, text: string): Promise<SshError> => {
  const { address, knownHosts, name } = login
  const cause = new Error(text.trim() || "ssh ended and wrote nothing")
  if (/IDENTIFICATION HAS CHANGED|Host key verification failed/i.test(text)) {
    const expected = await knownHosts.get(name)
    const shown = /SHA256:[A-Za-z0-9+/]+/.exec(text)?.[0] ?? "another one"
    return hostKeyChanged(address, expected === null ? "none" : fingerprintOf(expected), shown)
  }
  if (/Permission denied|Too many authentication failures/i.test(text)) {
    const key = login.key === undefined ? "those of ssh: the agent, ~/.ssh and its config" : ownKey(folder)
    return loginRefused(address, [typeof login.key === "string" && !/PRIVATE/.test(login.key) ? login.key : key], cause)
  }
  return unreachable(address, reasonOf(text), cause)
}

/** Waits for the first process to say that it is in. */
const loggedIn = (child: ChildProcessWithoutNullStreams, login: Login, folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let said = ""
    let errors = ""
    child.stderr.on("data", (chunk) => {
      errors = `${errors}${chunk}`.slice(-8192)
    })
    child.stdout.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-8192)
      if (said.includes(greeting)) resolve()
    })
    child.once("error", (error: NodeJS.ErrnoException) => {
      const message = 'There is no `ssh` on this computer: install OpenSSH, or connect with transport "ssh2"'
      const missing = new Unsupported({ message, retry: "permanent", feature: "openssh", cause: error })
      reject(error.code === "ENOENT" ? missing : error)
    })
    child.once("close", () => void loginFailure(login, folder, errors).then(reject))
  })

/** What the key file holds after a first connection is what is remembered. */
const remember = async ({ knownHosts, name }: Login, folder: string): Promise<void> => {
  if ((await knownHosts.get(name)) !== null) return
  const line = (await readFile(join(folder, "known_hosts"), "utf8")).split("\n")[0] ?? ""
  const [, type, body] = line.split(" ")
  if (type && body) await knownHosts.remember(name, `${type} ${body}`)
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once("close", (code) => resolve(code))
    child.once("error", () => resolve(null))
  })

/** A process whose code stands behind its errors: what ssh itself ends with says nothing, since 255 means two things. */
const channelOf = (
  child: ChildProcessWithoutNullStreams,
  mark: string,
  settled: () => Promise<ConnectionLost>
): Channel => {
  const { stream, code } = exitFilter(mark)
  child.stderr.pipe(stream)
  const exit = ended(child).then(async (): Promise<Exit> => {
    const known = code()
    if (known === null) throw await settled()
    return { code: known, signal: null }
  })
  exit.catch(() => {})
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: stream,
    exit,
    resize: () => {},
    close: () => void child.kill()
  }
}

/** A shell on a terminal: there is no mark in it, so an end by 255 is taken for a loss. */
const shellOf = (child: ChildProcessWithoutNullStreams, settled: () => Promise<ConnectionLost>): Channel => {
  const exit = ended(child).then(async (code): Promise<Exit> => {
    if (code === null || code === 255) throw await settled()
    return { code, signal: null }
  })
  exit.catch(() => {})
  const { stdin, stdout, stderr } = child
  return { stdin, stdout, stderr, exit, resize: () => {}, close: () => void child.kill() }
}

const connectionOn = (master: ChildProcess, folder: string, { address }: Login): Connection => {
  const lost = ended(master).then(async (): Promise<ConnectionLost> => {
    await rm(folder, { recursive: true, force: true })
    return connectionLost(address)
  })
  const host = `${address.user}@${address.host}`
  // Where the shared connection is gone, ssh would make one of its own, without what was checked: that must fail.
  const shared = ["-S", controlOf(folder), "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-o", "LogLevel=ERROR"]
  const isThere = async (): Promise<boolean> => (await ended(start([...shared, "-O", "check", host]))) === 0
  /** The loss of a process: it is noticed before that of the connection, which then is waited for. */
  const settled = async (): Promise<ConnectionLost> => ((await isThere()) ? connectionLost(address) : lost)
  return {
    transport: "openssh",
    lost,
    run: async (script) => {
      const mark = randomBytes(12).toString("hex")
      const child = start([...shared, "-T", host, reader])
      child.stdin.write(sent(withExitMark(script, mark)))
      return channelOf(child, mark, settled)
    },
    shell: async ({ type }) =>
      shellOf(spawn("ssh", [...shared, "-tt", host], { stdio: "pipe", env: { ...process.env, TERM: type } }), settled),
    dial: async (to, port) => {
      const child = start([...shared, "-W", `${to.includes(":") ? `[${to}]` : to}:${port}`, host])
      return portOf(child, async () => ((await isThere()) ? null : lost))
    },
    close: async () => {
      master.kill()
      await lost
    }
  }
}

/** Begins the process that logs in and holds the connection. */
const startMaster = async (folder: string, login: Login): Promise<ChildProcessWithoutNullStreams> => {
  const { env, options } = await askpassFor(folder, login)
  return start(["-T", ...(await optionsOf(folder, login, options)), `echo '${greeting}'; exec cat`], env)
}

/**
 * Connects by the system's `ssh`, with its config, its hardware keys and its jumps. Rejects as the other transport does.
 *
 * - `Unsupported` where there is no `ssh`, and on Windows, whose ssh cannot share a connection.
 * - For an encrypted key that was named, `passphrase` is asked; any other one is for the agent.
 */
export const connectOpenSsh = async (login: Login, signal: AbortSignal): Promise<Connection> => {
  if (process.platform === "win32") {
    const message = 'The ssh of Windows cannot share a connection: connect with transport "ssh2"'
    throw new Unsupported({ message, retry: "permanent", feature: "openssh" })
  }
  const folder = await makeFolder()
  const child = await startMaster(folder, login).catch(async (error) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  const abort = () => void child.kill()
  signal.addEventListener("abort", abort, { once: true })
  try {
    await loggedIn(child, login, folder)
    // It is read at the login alone.
    await rm(ownKey(folder), { force: true })
    await remember(login, folder)
    // It may have ended meanwhile, which nobody would hear.
    if (child.exitCode !== null || child.signalCode !== null) throw unreachable(login.address, "reset")
    return connectionOn(child, folder, login)
  } catch (error) {
    child.kill()
    await rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    signal.removeEventListener("abort", abort)
  }
}
