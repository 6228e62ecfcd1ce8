import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { openNotebookShape } from "@anygpu/operations/protocol"
import { beforeEach, describe, expect, test } from "vitest"
import { withoutSshd } from "../testing/machine.ts"
import { rentedTrainer } from "../testing/trainer.ts"

/** A `jupyter-lab` that serves its token's page, and writes down where it is as the real one does. */
const server = `import { mkdirSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
const { JUPYTER_TOKEN: token, JUPYTER_RUNTIME_DIR: folder } = process.env
const server = createServer((request, response) => {
  const given = new URL(request.url, "http://x").searchParams.get("token")
  response.writeHead(given === token ? 200 : 403).end(process.cwd())
})
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address()
  mkdirSync(folder, { recursive: true })
  writeFileSync(folder + "/jpserver-" + process.pid + ".json", JSON.stringify({ port, token, base_url: "/" }, null, 2))
  writeFileSync(folder + "/arguments", process.argv.slice(2).join(" "))
})`

describe.skipIf(withoutSshd)("anygpu notebook", () => {
  const own = rentedTrainer({ beforeClose: () => notebook(0, "--stop") })
  const program = () => join(own.machine.folder, "bin/jupyter-lab")
  beforeEach(() => rmSync(program(), { force: true }))
  const install = (text: string) => {
    writeFileSync(program(), text)
    chmodSync(program(), 0o755)
  }
  const installServer = () => {
    writeFileSync(join(own.machine.folder, "jupyter-lab.mjs"), server)
    install(`#!/bin/sh\nexec ${process.execPath} ${own.machine.folder}/jupyter-lab.mjs "$@"\n`)
  }

  /** A call that is interrupted once so many lines were printed, while `look` has looked at them. */
  const notebook = async (lines: number, ...argv: ReadonlyArray<string>) => {
    const abort = new AbortController()
    let printed = ""
    const hear = Promise.withResolvers<void>()
    const onStdout = (text: string) => {
      printed += text
      if (printed.split("\n").length > lines) hear.resolve()
    }
    const call = { ssh: own.machine.ssh, onStdout, signal: abort.signal }
    const ended = own.clouds.runWith(call, "notebook", "trainer", ...argv)
    if (lines > 0) await Promise.race([hear.promise, ended])
    const page = lines > 0 && printed.startsWith("http") ? await fetch(printed.trim()) : null
    const shown = page && { status: page.status, text: await page.text() }
    if (lines > 0) abort.abort(new DOMException("Interrupted.", "AbortError"))
    return { shown, ...(await ended) }
  }

  test("starts Jupyter where none runs, comes back to it, and ends it", { timeout: 240_000 }, async () => {
    installServer()
    const first = await notebook(1, "--cwd", own.machine.folder)
    expect(first).toMatchObject({ code: 0, shown: { status: 200, text: own.machine.folder } })
    expect(first.stderr).toContain("was started")
    const token = new URL(first.stdout).searchParams.get("token") ?? ""
    expect(token).toMatch(/^[0-9a-f]{48}$/)
    const given = readFileSync(join(own.machine.folder, "jupyter/arguments"), "utf8")
    expect(given).toContain("--ip=127.0.0.1")
    expect(given).not.toContain(token)
    const second = await notebook(1)
    expect(new URL(second.stdout).searchParams.get("token")).toBe(token)
    expect(second).toMatchObject({ shown: { status: 200 }, stderr: expect.stringContaining("runs already") })
    const json = await notebook(1, "--json")
    const { ref, port, local, url } = openNotebookShape.strict().parse(JSON.parse(json.stdout))
    expect({ ref, url }).toEqual({
      ref: expect.stringMatching(/^vast/),
      url: `http://127.0.0.1:${local}/?token=${token}`
    })
    expect(local).not.toBe(port)
    expect((await notebook(0, "--stop")).stdout).toContain("was ended")
    const again = await notebook(1)
    expect(again.stderr).toContain("was started")
    expect(new URL(again.stdout).searchParams.get("token")).not.toBe(token)
    await notebook(0, "--stop")
  })

  test("says that the machine has none, and how it is installed", async () => {
    const { code, stdout, stderr } = await notebook(0)
    expect({ code, stdout }).toEqual({ code: exitCodes.remote.code, stdout: "" })
    expect(stderr).toMatch(/has no Jupyter.*anygpu exec vast\S+ -- pip install jupyterlab/)
  })

  test("shows the last words of one that ends at once", async () => {
    install("#!/bin/sh\necho no module named lab >&2\nexit 1\n")
    const { code, stderr } = await notebook(0)
    expect({ code, stderr }).toMatchObject({
      code: exitCodes.remote.code,
      stderr: expect.stringContaining("ended before it was up: no module named lab")
    })
  })

  test("takes no notice of what a server that is gone has left, nor of another text", async () => {
    const folder = join(own.machine.folder, "jupyter")
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `jpserver-${process.pid}.json`), '{ "port": 1, "token": "x", "base_url": "/" }')
    writeFileSync(join(folder, "jpserver-nonsense.json"), "{")
    expect((await notebook(0)).stderr).toContain("has no Jupyter")
    expect(existsSync(program())).toBe(false)
  })
})
