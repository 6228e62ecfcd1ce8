import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { packTar, type TarEntry } from "modern-tar"
import { beforeEach, describe, expect, test } from "vitest"
import { connect } from "../index.ts"
import { startServer } from "../testing/server.ts"

let here = ""
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), "anygpu-copy-"))
  return () => rmSync(here, { recursive: true, force: true })
})

/** Every path below a folder, in order. */
const pathsIn = (root: string): ReadonlyArray<string> => readdirSync(root, { recursive: true }).map(String).sort()

describe("an archive of a hostile machine", () => {
  /** A machine that lists one file, and sends another archive. */
  const machineWith = async (entries: TarEntry[]) => {
    const archive = await packTar(entries)
    let calls = 0
    const server = await startServer({
      onExec: (channel) => {
        channel.on("error", () => {})
        channel.resume()
        channel.once("end", () => {
          channel.write(calls++ === 0 ? "f 1 1700000000 644 ./out/good\n" : archive)
          channel.exit(0)
          channel.end()
        })
      }
    })
    return { server, machine: await connect(server, { key: server.key, agent: false }) }
  }
  const good: TarEntry = { header: { name: "./out/good", size: 1 }, body: "g" }
  const hostile: ReadonlyArray<readonly [string, TarEntry[]]> = [
    ["climbs out", [{ header: { name: "../outside", size: 1 }, body: "x" }]],
    ["climbs out in the middle", [{ header: { name: "out/../../outside", size: 1 }, body: "x" }]],
    ["begins at the root", [{ header: { name: "/tmp/outside", size: 1 }, body: "x" }]],
    ["holds what nobody asked for", [good, { header: { name: "out/.bashrc", size: 1 }, body: "x" }]],
    ["has a link out of the folder", [{ header: { name: "out/good", size: 0, type: "symlink", linkname: "/etc" } }]],
    ["has a link above the folder", [{ header: { name: "out/good", size: 0, type: "symlink", linkname: "../../x" } }]],
    [
      "has a hard link to elsewhere",
      [{ header: { name: "out/good", size: 0, type: "link", linkname: "/etc/passwd" } }]
    ],
    [
      "writes through a link",
      [
        { header: { name: "out", size: 0, type: "symlink", linkname: "../.." } },
        { header: { name: "out/good", size: 1 }, body: "x" }
      ]
    ],
    ["has a device", [{ header: { name: "out/good", size: 0, type: "character-device" } }]]
  ]

  test.each(hostile)("that %s is refused", async (_, entries) => {
    const { server, machine } = await machineWith(entries)
    const to = join(here, "below", "to")
    const error = await machine.download("out", to).catch((e) => e)
    expect(error).toMatchObject({ _tag: "BadResponse" })
    const written = pathsIn(here).filter(
      (path) => !["below", "below/to", "below/to/out", "below/to/out/good"].includes(path)
    )
    expect(written).toEqual([])
    expect(existsSync("/tmp/outside")).toBe(false)
    await machine.close()
    await server.stop()
  })

  test("that is as it was asked for is taken", async () => {
    const { server, machine } = await machineWith([good])
    expect(await machine.download("out", join(here, "to"))).toMatchObject({ files: 1 })
    expect(readFileSync(join(here, "to/out/good"), "utf8")).toBe("g")
    await machine.close()
    await server.stop()
  })

  test("is not written through a link that was here before", async () => {
    const { server, machine } = await machineWith([good])
    mkdirSync(join(here, "to"))
    mkdirSync(join(here, "elsewhere"))
    symlinkSync("../elsewhere", join(here, "to/out"))
    expect(await machine.download("out", join(here, "to")).catch((e) => e)).toMatchObject({ _tag: "BadResponse" })
    expect(pathsIn(join(here, "elsewhere"))).toEqual([])
    await machine.close()
    await server.stop()
  })
})
