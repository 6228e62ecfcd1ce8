import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { Readable } from "node:stream"

const require = createRequire(import.meta.url)

/** Where the binary is that npm has brought along. */
const { default: binary }: { readonly default: string } = require("workerd")

/** As of this day a worker has nothing of Node unless it asks for it; as of a later one it has Node's `process`. */
const asOf = "2024-09-01"

/** One worker on a port of this machine, with nothing of Node in it and no way out to the network. */
const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "${asOf}",
      globalOutbound = "closed"
    )),
    (name = "closed", network = (allow = []))
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`

/** The port on which it listens, as it says on its control channel; what it complains of when it ends before. */
const portOf = async (server: ChildProcess): Promise<number> => {
  const complaints: string[] = []
  server.stderr?.on("data", (text: Buffer) => complaints.push(text.toString()))
  const listening = once(createInterface(server.stdio[3] as Readable), "line")
  const ended = once(server, "exit").then(([code]) => {
    throw new Error(`workerd ended with ${code}: ${complaints.join("")}`)
  })
  const [line] = await Promise.race([listening, ended])
  return JSON.parse(line).port
}

/** Serves a worker with workerd, the runtime of Cloudflare Workers, until it is disposed of. */
export const serveWorker = async (code: string) => {
  const folder = mkdtempSync(join(tmpdir(), "workerd-"))
  writeFileSync(join(folder, "worker.js"), code)
  writeFileSync(join(folder, "config.capnp"), config)
  const server = spawn(binary, ["serve", join(folder, "config.capnp"), "--control-fd=3"], {
    stdio: ["ignore", "ignore", "pipe", "pipe"]
  })
  const end = async (): Promise<void> => {
    if (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
      server.kill("SIGKILL")
      await once(server, "exit")
    }
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return { url: `http://127.0.0.1:${await portOf(server)}`, [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}
