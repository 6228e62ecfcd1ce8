import { expect, test } from "vitest"
import { bundle } from "../bundle.ts"
import { rented } from "../rented.test-support.ts"
import { serveWorker } from "./workerd.ts"

test("the SDK rents on simulated clouds in an edge runtime", { timeout: 240_000 }, async () => {
  const { text, complaints } = await bundle({ code: 'export { default } from "./edge/worker.ts"', runtime: "edge" })
  expect(complaints).toEqual([])
  await using server = await serveWorker(text)
  const response = await fetch(server.url, { signal: AbortSignal.timeout(45_000) })
  expect(response.status, response.ok ? "" : await response.clone().text()).toBe(200)
  expect(await response.json()).toMatchObject({ ...rented, ofNode: [], agent: "Cloudflare-Workers" })
})
