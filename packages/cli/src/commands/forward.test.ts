import { createServer } from "node:http"
import { type AddressInfo, createServer as listenOn } from "node:net"
import { setTimeout } from "node:timers/promises"
import { exitCodes } from "@anygpu/operations/failure"
import { forwardShape, openForwardShape } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { fakeBrowser } from "../testing/browser.ts"
import { withoutSshd } from "../testing/machine.ts"
import { answerOf, mcpSession } from "../testing/mcp.ts"
import type { TerminalOptions } from "../testing/terminal.ts"
import { rentedTrainer } from "../testing/trainer.ts"

/** A page on a port of the machine, which is this computer too. */
const page = async (text: string) => {
  const server = createServer((_, response) => response.end(text))
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}

/** A port that nothing listens on. */
const freePort = async (): Promise<number> => {
  const server = listenOn()
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

describe.skipIf(withoutSshd)("anygpu forward", () => {
  const own = rentedTrainer()

  /** A call that goes on until it is interrupted, once so many lines were printed. */
  const begin = async (options: TerminalOptions, lines: number, ...argv: ReadonlyArray<string>) => {
    const abort = new AbortController()
    let printed = ""
    const hear = Promise.withResolvers<void>()
    const onStdout = (text: string) => {
      printed += text
      if (printed.split("\n").length > lines) hear.resolve()
    }
    const call = { ssh: own.machine.ssh, onStdout, signal: abort.signal, ...options }
    const ended = own.clouds.runWith(call, "forward", "trainer", ...argv)
    await Promise.race([hear.promise, ended])
    const interrupt = async () => {
      abort.abort(new DOMException("Interrupted.", "AbortError"))
      return await ended
    }
    return { lines: printed.trim().split("\n"), interrupt }
  }

  test("leads a port here under a number of its own, and lets go of it at Ctrl-C", async () => {
    using served = await page("hello")
    const { lines, interrupt } = await begin({}, 1, `${served.port}:0`)
    const [, url = ""] = /^(http:\S+) is port/.exec(lines[0] ?? "") ?? []
    expect(await (await fetch(url)).text()).toBe("hello")
    expect((await interrupt()).code).toBe(exitCodes.done.code)
    await expect(fetch(url)).rejects.toThrow()
  })

  test("takes another port where the same is in use here, and says so; a named one it does not", async () => {
    using served = await page("hello")
    const { lines, interrupt } = await begin({}, 1, "--json", String(served.port))
    const opened = openForwardShape.strict().parse(JSON.parse(lines[0] ?? ""))
    expect(opened).toMatchObject({ port: served.port, answers: true })
    expect(opened.local).not.toBe(served.port)
    expect(await (await fetch(opened.url)).text()).toBe("hello")
    await interrupt()
    const taken = await own.clouds.runWith({ ssh: own.machine.ssh }, "forward", "trainer", `1:${served.port}`)
    expect(taken).toMatchObject({ code: exitCodes.state.code, stderr: expect.stringContaining("take another one") })
  })

  test("leads several, opens the browser, and says where nothing answers", async () => {
    using served = await page("hello")
    const [silent, browser] = [await freePort(), fakeBrowser(own.clouds.folder)]
    const { lines, interrupt } = await begin(browser, 2, `${served.port}:0`, `${silent}:0`, "--open")
    const urls = lines.map((line) => line.split(" ")[0])
    while (browser.opened().length < 2) await setTimeout(20)
    expect([...browser.opened()].sort()).toEqual([...urls].sort())
    const { stderr } = await interrupt()
    expect(stderr).toContain(`nothing takes connections on port ${silent} there yet`)
    expect(stderr).not.toContain(`connections on port ${served.port} `)
  })

  test("says that there is nothing to open an address with", async () => {
    using served = await page("hello")
    const { interrupt } = await begin({ env: { PATH: own.clouds.folder } }, 1, `${served.port}:0`, "--open")
    await setTimeout(50)
    expect((await interrupt()).stderr).toContain("yourself")
  })

  test("refuses what is no port", async () => {
    for (const port of ["0", "70000", "a", "1:2:3", "8888:70000"]) {
      const ran = await own.clouds.runWith({ ssh: own.machine.ssh }, "forward", "trainer", port)
      expect(ran).toMatchObject({ code: exitCodes.usage.code, stderr: expect.stringContaining("no port to lead here") })
    }
  })

  test("gives an agent the commands, and opens nothing", async () => {
    const session = await mcpSession(own.clouds, [])
    const answer = answerOf(await session.call("forward", { ref: "trainer", ports: ["8888", "6006:7007"] }))
    expect(forwardShape.strict().parse(answer)).toMatchObject({
      command: expect.stringMatching(/^anygpu forward vast\S+ 8888 6006:7007$/),
      ssh: expect.stringMatching(/^ssh -N -L 127.0.0.1:8888:127.0.0.1:8888 -L 127.0.0.1:7007:127.0.0.1:6006 /)
    })
    await session.end()
  })
})
