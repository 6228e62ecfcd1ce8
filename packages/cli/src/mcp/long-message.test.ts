import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { InvalidRequest } from "anygpu"
import { afterAll, expect, test } from "vitest"
import { refusal } from "./refusal.ts"

const bin = fileURLToPath(new URL("../bin.ts", import.meta.url))

const home = mkdtempSync(join(tmpdir(), "anygpu-mcp-"))
afterAll(() => rmSync(home, { recursive: true, force: true }))

test("a message of ten megabytes is refused, and the server lives", { timeout: 240_000 }, async () => {
  const child = spawn(process.execPath, ["--conditions=anygpu-source", bin, "mcp", "--sim"], {
    env: { ...process.env, HOME: home, XDG_STATE_HOME: home, XDG_DATA_HOME: home },
    stdio: ["pipe", "pipe", "ignore"]
  })
  const lines = createInterface({ input: child.stdout })
  const answers: AsyncIterator<string> = lines[Symbol.asyncIterator]()
  const next = async (): Promise<unknown> => JSON.parse((await answers.next()).value ?? "{}")
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  send({ id: 1, method: "tools/call", params: { name: "list", arguments: { note: "x".repeat(10_000_000) } } })
  expect(await next()).toMatchObject({ id: 1, error: { code: -32_600 } })
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } }
  send({ id: 2, method: "initialize", params })
  expect(await next()).toMatchObject({ id: 2, result: { serverInfo: { name: "anygpu" } } })
  child.stdin.end()
  const [code] = await once(child, "exit")
  expect(code).toBe(0)
})

test("a refusal repeats no megabyte of what was asked", () => {
  const error = InvalidRequest.of("ref", `"${"x".repeat(1_000_000)}" is nowhere`)
  const text = refusal(error, false)
    .content.map((part) => part.text)
    .join("")
  expect(text.length).toBeLessThan(20_000)
  expect(JSON.parse(text)).toMatchObject({
    error: { tag: "InvalidRequest", message: expect.stringMatching(/characters\)$/) }
  })
})
