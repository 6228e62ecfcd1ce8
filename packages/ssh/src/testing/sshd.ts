import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import {
  accessSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { connect } from "node:net"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { freshPort } from "./port.ts"

/** Whether a program can be run. */
const isThere = (path: string): boolean => {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

const programs = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"]

/** The real sshd of this computer; null without one. */
const sshdPath: string | null = programs.find(isThere) ?? null

/**
 * Whether tests with a real sshd are left out, which they say. In CI they never are: there they fail without one.
 *
 * Debian's packages: openssh-server, busybox, dash.
 */
export const withoutSshd = sshdPath === null && !process.env["CI"]

/** What `sh` is on the machine. */
export type RemoteShell = "dash" | "bash" | "busybox"

/** Every shell that the scripts have to run in. */
export const remoteShells: ReadonlyArray<RemoteShell> = ["dash", "bash", "busybox"]

/** What copying runs on a machine that has busybox in the place of GNU's programs. */
const busyboxPrograms = [
  ...["find", "stat", "readlink", "tar", "dd", "wc", "touch", "chmod", "mv", "rm", "mkdir", "cut"],
  ...["sha256sum", "gzip", "tail"]
]

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("data", () => resolve(true)).once("error", () => resolve(false))
    socket.once("close", () => resolve(false))
    socket.once("data", () => socket.destroy())
  })

const until = async (check: () => Promise<boolean>, what: () => string): Promise<void> => {
  for (let tries = 0; tries < 200; tries++) {
    if (await check()) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(what())
}

const generateKey = (path: string, type: string, passphrase = ""): void => {
  // With more bits a key of RSA costs a second of the processor.
  const bits = type === "rsa" ? ["-b", "2048"] : []
  execFileSync("ssh-keygen", ["-q", "-t", type, ...bits, "-N", passphrase, "-C", `test ${type}`, "-f", path])
}

/** The host keys that it has. Those of RSA take long to make, and a client takes ed25519 where there is one. */
const hostKeyTypes = ["ed25519", "ecdsa"]

/** A real sshd on a loopback port, for the current user, with all its files in a folder of its own. */
export interface Sshd {
  readonly host: "127.0.0.1"
  readonly port: number
  readonly user: string
  /** The private key that it lets in. */
  readonly key: string
  /** A folder for the tests, which is the home folder of jobs too. */
  readonly folder: string
  /** Makes a further key that it lets in, and answers its path. */
  addKey(type: string, passphrase?: string): string
  /** Ends every connection and starts again; with other host keys where that is asked for. */
  restart(options?: { readonly newHostKeys?: boolean }): Promise<void>
  stop(): Promise<void>
}

const configOf = (folder: string, port: number): string =>
  [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${folder}/host_ed25519`,
    `HostKey ${folder}/host_ecdsa`,
    `AuthorizedKeysFile ${folder}/authorized_keys`,
    `PidFile ${folder}/sshd.pid`,
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin yes",
    "MaxStartups 100",
    "MaxSessions 50",
    "LogLevel ERROR",
    // A bash that sshd starts reads the user's own ~/.bashrc, which may do anything, unless it seems to be within another one.
    `SetEnv SHLVL=9 PATH=${folder}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin ANYGPU_HOME=${folder}/anygpu JUPYTER_RUNTIME_DIR=${folder}/jupyter`
  ].join("\n")

/** Starts it; `shell` is what `sh` is for those who log in. */
export const startSshd = async (shell: RemoteShell = "dash"): Promise<Sshd> => {
  if (sshdPath === null) throw new Error("There is no sshd: apt-get install openssh-server busybox dash")
  const program = sshdPath
  const folder = mkdtempSync(join(tmpdir(), "anygpu-sshd-"))
  mkdirSync(join(folder, "bin"))
  const own = execFileSync("which", [shell]).toString().trim()
  for (const name of shell === "busybox" ? ["sh", ...busyboxPrograms] : ["sh"])
    symlinkSync(own, join(folder, "bin", name))
  // The folder in which a root's sshd gives up its rights; it is a fixed one.
  if (process.getuid?.() === 0) mkdirSync("/run/sshd", { recursive: true })
  for (const type of hostKeyTypes) generateKey(join(folder, `host_${type}`), type)
  generateKey(join(folder, "key"), "ed25519")
  copyFileSync(join(folder, "key.pub"), join(folder, "authorized_keys"))
  const port = await freshPort()
  writeFileSync(join(folder, "config"), configOf(folder, port))
  let child: ChildProcess
  let log = ""
  let keys = 0
  const start = async () => {
    child = spawn(program, ["-D", "-e", "-f", join(folder, "config")], { stdio: ["ignore", "ignore", "pipe"] })
    child.stderr?.on("data", (chunk) => {
      log += chunk
    })
    await until(
      () => answers(port),
      () => `sshd does not answer: ${log}`
    )
  }
  const stop = async () => {
    const ended = new Promise((done) => child.once("close", done))
    // Its sessions are sshd processes of their own.
    const sessions = below(child.pid ?? 0).filter(isSshd)
    child.kill("SIGKILL")
    for (const pid of sessions) tryKill(pid)
    await ended
  }
  await start()
  return {
    host: "127.0.0.1",
    port,
    user: userInfo().username,
    key: join(folder, "key"),
    folder,
    addKey: (type, passphrase) => {
      const path = join(folder, `key_${type}_${++keys}`)
      generateKey(path, type, passphrase)
      writeFileSync(join(folder, "authorized_keys"), readFileSync(`${path}.pub`), { flag: "a" })
      return path
    },
    restart: async ({ newHostKeys = false } = {}) => {
      await stop()
      if (newHostKeys) {
        for (const type of hostKeyTypes) {
          rmSync(join(folder, `host_${type}`))
          generateKey(join(folder, `host_${type}`), type)
        }
      }
      await start()
    },
    stop: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** What a file holds; nothing where its process has ended meanwhile. */
const textOf = (path: string): string => {
  try {
    return readFileSync(path, "utf8").trim()
  } catch {
    return ""
  }
}

/** Every process below one, the deepest last. */
const below = (pid: number): ReadonlyArray<number> => {
  const own = textOf(`/proc/${pid}/task/${pid}/children`).split(/\s+/).filter(Boolean).map(Number)
  return own.flatMap((one) => [one, ...below(one)])
}

const isSshd = (pid: number): boolean => textOf(`/proc/${pid}/comm`).startsWith("sshd")

const tryKill = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It has ended by itself.
  }
}
