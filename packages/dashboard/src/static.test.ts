import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { afterAll, beforeAll, expect, test } from "vitest"
import { addressOf } from "./address.ts"
import { sendFailure } from "./answer.ts"
import { readFirstPage, sendFile } from "./static.ts"
import { ask } from "./testing.test-support.ts"

const script = `console.log(${JSON.stringify("x".repeat(500))})`
let folder = ""
let server: Server
let url = ""

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "anygpu-page-"))
  mkdirSync(join(folder, "page", "assets"), { recursive: true })
  writeFileSync(join(folder, "page", "index.html"), "<!doctype html><title>anygpu</title>")
  writeFileSync(join(folder, "page", "assets", "index-1a2b.js"), script)
  writeFileSync(join(folder, "page", "assets", "index-1a2b.js.gz"), gzipSync(script))
  writeFileSync(join(folder, "secret.txt"), "secret")
  const page = await readFirstPage([join(folder, "none"), join(folder, "page")])
  server = createServer((request, response) => {
    try {
      sendFile(request, response, page, request.url ?? "")
    } catch (error) {
      sendFailure(response, error)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  url = addressOf(server, {})
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
  rmSync(folder, { recursive: true })
})

test("the page may run its own files and nothing else, and is asked for again each time", async () => {
  const { status, headers, text } = await ask(url, "/")
  expect([status, text]).toEqual([200, "<!doctype html><title>anygpu</title>"])
  expect(headers).toMatchObject({
    ...{ "cache-control": "no-cache", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" },
    ...{ "content-type": "text/html; charset=utf-8", "cross-origin-resource-policy": "same-origin" }
  })
  const policy = String(headers["content-security-policy"]).split("; ")
  expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]))
  expect(policy.join()).not.toMatch(/unsafe|\*|https?:/)
})

test("what has a hash in its name is kept, and sent as it was compressed", async () => {
  const path = "/assets/index-1a2b.js"
  const zipped = await ask(url, path, { headers: { "accept-encoding": "gzip, br" } })
  expect(zipped.headers).toMatchObject({
    "content-encoding": "gzip",
    "cache-control": expect.stringContaining("immutable")
  })
  expect(zipped.headers["content-length"]).toBe(String(gzipSync(script).length))
  const plain = await ask(url, path)
  expect([plain.headers["content-encoding"], plain.text]).toEqual([undefined, script])
  const same = await ask(url, path, { headers: { "if-none-match": String(plain.headers.etag) } })
  expect([same.status, same.text]).toEqual([304, ""])
})

test("what is not in the folder is not there, and nothing is written", async () => {
  for (const path of ["/../secret.txt", "/secret.txt", "/assets", "/index.html", "/assets/index-1a2b.js.gz"]) {
    expect((await ask(url, path)).status).toBe(404)
  }
  expect((await ask(url, "/", { method: "POST" })).status).toBe(405)
})
