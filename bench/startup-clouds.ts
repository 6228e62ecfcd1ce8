import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { buffer } from "node:stream/consumers"
import { variableOf } from "@anygpu/clouds"
import { simulateClouds } from "@anygpu/clouds/simulated"
import { createClock } from "@anygpu/simulators"

/*
 * The clouds in a process of their own, each of which takes its time to answer:
 *
 *   startup-clouds.ts <milliseconds of the first> <of the second> <of all others>
 */

const { simulators, env: keys } = simulateClouds({ clock: createClock({ mode: { speed: 1 } }) })

const env: Record<string, string> = { ...keys }
for (const [index, [name, simulator]] of Object.entries(simulators).entries()) {
  const latency = Number(process.argv[Math.min(2 + index, process.argv.length - 1)])
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const headers = Object.entries(request.headers).flatMap(
      ([key, value]): ReadonlyArray<[string, string]> =>
        typeof value === "string" && key !== "host" ? [[key, value]] : []
    )
    const answer = await simulator.fetch(new URL(request.url ?? "/", simulator.origin), {
      method: request.method ?? "GET",
      headers,
      ...(body.length > 0 && { body: new Uint8Array(body) })
    })
    const text = await answer.text()
    setTimeout(() => {
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" })
      response.end(text)
    }, latency)
  })
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const { port } = server.address() as AddressInfo
  env[variableOf(name, "BASE_URL")] = `http://127.0.0.1:${port}`
}
console.log(JSON.stringify(env))
