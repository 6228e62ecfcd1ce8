import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir, userInfo } from "node:os"
import { join } from "node:path"
import { Client } from "pg"

/** Where Debian's package `postgresql` has its programs: the newest version. Null where there are none. */
const programs = (): string | null => {
  const root = "/usr/lib/postgresql"
  if (!existsSync(root)) return null
  const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a))
  return newest === undefined ? null : join(root, newest, "bin")
}

/** Whether tests with a real Postgres are left out, which they say. In CI they never are: there they fail without one. */
export const withoutPostgres = programs() === null && !process.env["CI"]

/** Postgres refuses to run for root: then it runs for the user that its package made. */
const runAs = (): { readonly uid?: number; readonly gid?: number } => {
  if (userInfo().uid !== 0) return {}
  const idOf = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }))
  return { uid: idOf("-u"), gid: idOf("-g") }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** A real Postgres on a loopback port, with all its files in a folder of its own. */
export interface PostgresServer {
  readonly url: string
  /** Runs statements as its owner. */
  readonly sql: (statements: string) => Promise<void>
  /** Runs one statement as its owner, and answers its rows. */
  readonly rows: (statement: string) => Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** Ends it and starts it again at once, as a crash does (`immediate`) or in good order (`fast`). */
  readonly restart: (mode: "immediate" | "fast") => Promise<void>
  readonly stop: () => Promise<void>
}

const signals = { immediate: "SIGQUIT", fast: "SIGINT" } as const

/**
 * Starts a Postgres with an empty database, for tests: from Debian's package `postgresql`, on a loopback port.
 *
 * - Fails where none is installed. It keeps what it wrote when it is ended, and not when the computer is.
 */
export const startPostgres = async (): Promise<PostgresServer> => {
  const bin = programs()
  if (bin === null) throw new Error("no Postgres is installed: install Debian's package postgresql")
  const ids = runAs()
  const folder = mkdtempSync(join(tmpdir(), "anygpu-postgres-"))
  if (ids.uid !== undefined && ids.gid !== undefined) chownSync(folder, ids.uid, ids.gid)
  const data = join(folder, "data")
  execFileSync(join(bin, "initdb"), ["-D", data, "-U", "anygpu", "-A", "trust", "-E", "UTF8", "--no-sync"], {
    ...{ ...ids, cwd: folder, stdio: "ignore" }
  })
  const port = await freePort()
  // What a process wrote outlives its crash without `fsync`: the computer itself goes on.
  const options = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"]

  const start = (): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const server = spawn(join(bin, "postgres"), options, { ...ids, cwd: folder, stdio: ["ignore", "ignore", "pipe"] })
      let log = ""
      server.stderr.setEncoding("utf8").on("data", (text: string) => {
        log += text
        if (log.includes("ready to accept connections")) resolve(server)
      })
      server.once("exit", () => reject(new Error(`Postgres did not start:\n${log}`)))
    })

  let server = await start()
  const end = (signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (server.exitCode !== null) return resolve()
      server.once("exit", () => resolve())
      server.kill(signal)
    })

  const url = `postgres://anygpu@127.0.0.1:${port}/postgres`
  const ask = async (statements: string) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      return await client.query<Readonly<Record<string, unknown>>>(statements)
    } finally {
      await client.end()
    }
  }
  return {
    url,
    sql: async (statements) => void (await ask(statements)),
    rows: async (statement) => (await ask(statement)).rows,
    restart: async (mode) => {
      await end(signals[mode])
      server = await start()
    },
    stop: async () => {
      await end(signals.immediate)
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
