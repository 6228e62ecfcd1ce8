import { once } from "node:events"
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { json } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { z } from "zod"

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Where the packages are that somebody else's package finds in its `node_modules`. */
const dependencies: Readonly<Record<string, string>> = {
  "@anygpu/core": here("../../../core"),
  effect: here("../../node_modules/effect"),
  zod: here("../../node_modules/zod")
}

/**
 * A user's folder: a config file, the package `@acme/anygpu` installed beside it, and a ledger.
 *
 * - `adapter` is what stands in the config file as `adapters.acme`.
 */
export const acmeUser = (adapter: Readonly<Record<string, unknown>>, name = "acme") => {
  const folder = mkdtempSync(join(tmpdir(), "anygpu-third-party-"))
  const installed = join(folder, "node_modules")
  const package_ = join(installed, "@acme/anygpu")
  cpSync(here("../fixtures/acme"), package_, { recursive: true })
  for (const [dependency, target] of Object.entries(dependencies)) {
    mkdirSync(dirname(join(installed, dependency)), { recursive: true })
    symlinkSync(target, join(installed, dependency), "junction")
  }
  const config = join(folder, "config.json")
  writeFileSync(config, JSON.stringify({ adapters: { [name]: adapter } }), { mode: 0o600 })
  return {
    folder,
    package: package_,
    config,
    env: { HOME: folder, ANYGPU_CONFIG: config, ANYGPU_LEDGER: join(folder, "ledger.db") },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}

const rentBody = z.strictObject({ offer: z.string(), image: z.string(), name: z.string() })

/** Acme itself on a loopback port: one offer, and machines that are up at once. */
export const acmeServer = async (apiKey: string) => {
  const machines = new Map<string, { id: string; name: string; state: string; usd_per_hour: number }>()
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
    }
    if (request.headers.authorization !== `Bearer ${apiKey}`) return answer(401, { error: "no such key" })
    const id = request.url?.split("/")[3] ?? ""
    if (request.url === "/v1/offers") return answer(200, { rows: [{ id: "o1", gpu: "H100", usd_per_hour: 2.5 }] })
    if (request.method === "POST") {
      const { name } = rentBody.parse(await json(request))
      const machine = { id: `m${machines.size + 1}`, name, state: "up", usd_per_hour: 2.5 }
      machines.set(machine.id, machine)
      return answer(200, { id: machine.id })
    }
    if (id === "") return answer(200, { rows: [...machines.values()] })
    if (!machines.has(id)) return answer(404, { error: "no such machine" })
    const machine = machines.get(id)
    if (request.method === "DELETE") machines.delete(id)
    return answer(200, machine)
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("the server has no port")
  return {
    url: `http://127.0.0.1:${address.port}`,
    machines,
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
