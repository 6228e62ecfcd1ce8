import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "@anygpu/operations/failure"
import { copyShape } from "@anygpu/operations/protocol"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { simulatedClouds } from "../testing/clouds.ts"
import { sshMachine, withoutSshd } from "../testing/machine.ts"

describe.skipIf(withoutSshd)("anygpu cp", () => {
  let machine: Awaited<ReturnType<typeof sshMachine>>
  let clouds: ReturnType<typeof simulatedClouds>
  let count = 0
  let [here, there] = ["", ""]
  beforeAll(async () => {
    machine = await sshMachine()
    clouds = simulatedClouds()
    await clouds.rent("trainer")
  }, 240_000)
  beforeEach(() => {
    count += 1
    here = join(clouds.folder, `here-${count}`)
    there = join(machine.folder, `there-${count}`)
    for (const folder of [here, there]) mkdirSync(folder)
  })
  afterAll(async () => {
    await machine?.[Symbol.asyncDispose]()
    clouds?.[Symbol.dispose]()
  })
  const write = (folder: string, ...paths: ReadonlyArray<string>) => {
    for (const path of paths) {
      mkdirSync(join(folder, path, ".."), { recursive: true })
      writeFileSync(join(folder, path), path)
    }
  }
  const copy = (...argv: ReadonlyArray<string>) => clouds.runWith({ ssh: machine.ssh }, "cp", ...argv)

  test("copies a file into a folder, and under another name", async () => {
    write(here, "a.txt")
    expect(await copy(join(here, "a.txt"), `trainer:${there}`)).toMatchObject({
      ...{ code: 0, stdout: `1 file (5 bytes) copied to trainer:${there}\n` }
    })
    expect((await copy(join(here, "a.txt"), `trainer:${there}/new/b.txt`)).code).toBe(0)
    expect((await copy(join(here, "a.txt"), `trainer:${there}/deep/`)).code).toBe(0)
    expect(readdirSync(there, { recursive: true }).sort()).toEqual(["a.txt", "deep", "deep/a.txt", "new", "new/b.txt"])
  })

  test("copies what a folder holds, without what is ignored, and a second time nothing", async () => {
    write(here, "a.txt", "sub/b.txt", "skip/c.txt", ".gitignore")
    writeFileSync(join(here, ".gitignore"), "skip\n")
    const first = await copy(here, `trainer:${there}/w`)
    expect(first.stdout).toMatch(/^3 files/)
    expect(readdirSync(join(there, "w")).sort()).toEqual([".gitignore", "a.txt", "sub"])
    const second = await copy(here, `trainer:${there}/w`)
    expect(second.stdout).toBe(`0 files (0 bytes) copied to trainer:${there}/w; 3 were there already\n`)
    expect((await copy("--all", here, `trainer:${there}/w`)).stdout).toMatch(/^1 file /)
    expect(existsSync(join(there, "w/skip/c.txt"))).toBe(true)
  })

  test("copies several, each under its own name", async () => {
    write(here, "a.txt", "one/x", "two/y")
    await copy(join(here, "a.txt"), join(here, "one"), join(here, "two/"), `trainer:${there}`)
    expect(readdirSync(there, { recursive: true }).sort()).toEqual(["a.txt", "one", "one/x", "two", "two/y"])
    await copy(`trainer:${there}/one`, `trainer:${there}/a.txt`, join(here, "back"))
    expect(readdirSync(join(here, "back"), { recursive: true }).sort()).toEqual(["a.txt", "one", "one/x"])
  })

  test("fetches a file, one under another name, a folder and what a pattern means", async () => {
    write(there, "out/a.pt", "out/b.pt", "out/deep/c.pt", "out/log [1].txt", "out/log 1.txt")
    expect((await copy(`trainer:${there}/out/a.pt`, here)).code).toBe(0)
    expect((await copy(`trainer:${there}/out/a.pt`, join(here, "other.pt"))).code).toBe(0)
    expect(readFileSync(join(here, "other.pt"), "utf8")).toBe("out/a.pt")
    expect((await copy(`trainer:${there}/out/log [1].txt`, join(here, "log"))).code).toBe(0)
    expect(readFileSync(join(here, "log"), "utf8")).toBe("out/log [1].txt")
    expect((await copy(`trainer:${there}/out/*.pt`, join(here, "flat"))).stdout).toMatch(/^2 files/)
    expect((await copy(`trainer:${there}/out/**/*.pt`, join(here, "all"))).stdout).toMatch(/^3 files/)
    expect(readdirSync(join(here, "all"), { recursive: true }).sort()).toEqual(["a.pt", "b.pt", "deep", "deep/c.pt"])
    expect((await copy(`trainer:${there}/out`, join(here, "folder"))).stdout).toMatch(/^5 files/)
    expect(readdirSync(here).filter((name) => name.startsWith(".anygpu"))).toEqual([])
  })

  test("leaves out a link that leads out of the folder, and says so", async () => {
    write(there, "out/a")
    symlinkSync("/etc/passwd", join(there, "out/passwd"))
    const ran = await copy(`trainer:${there}/out`, join(here, "got"))
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/left out: passwd: .*\/etc\/passwd/) })
    expect(readdirSync(join(here, "got"))).toEqual(["a"])
  })

  test("prints JSON", async () => {
    write(here, "a.txt")
    const { stdout } = await copy("--json", join(here, "a.txt"), `trainer:${there}/`)
    expect(copyShape.strict().parse(JSON.parse(stdout))).toMatchObject({
      direction: "up",
      files: 1,
      bytes: 5,
      unchanged: 0
    })
  })

  test("refuses what cannot be, and says what is wrong", async () => {
    write(here, "a.txt", "folder/x")
    const wrong: ReadonlyArray<readonly [argv: ReadonlyArray<string>, code: number, text: string]> = [
      [["trainer:a", "trainer:b"], exitCodes.usage.code, "copy it to this computer first"],
      [["a", "b"], exitCodes.usage.code, "neither side is on a machine"],
      [["a"], exitCodes.usage.code, "then where to"],
      [["trainer:a", "other:b", here], exitCodes.usage.code, "one machine at a time"],
      [[join(here, "no"), "trainer:b"], exitCodes.usage.code, "is not there"],
      [[join(here, "a.txt"), "nobody:b"], exitCodes.missing.code, "No such machine"],
      [[`trainer:${there}/no`, here], exitCodes.missing.code, "has no"],
      [[`trainer:${there}/*.pt`, here], exitCodes.missing.code, "nothing that"],
      [[`trainer:${there}/*/../../x`, here], exitCodes.usage.code, "does not stay below"],
      [[join(here, "a.txt"), "trainer:/proc/no/"], exitCodes.remote.code, "Unpacking failed"]
    ]
    for (const [argv, code, text] of wrong) {
      expect({ argv, ...(await copy(...argv)) }).toMatchObject({ code, stderr: expect.stringContaining(text) })
    }
    expect(readdirSync(there)).toEqual([])
  })
})
