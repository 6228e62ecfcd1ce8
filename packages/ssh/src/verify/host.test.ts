import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { coresIn, diskIn, memoryIn, speedIn } from "./host.ts"
import { partsIn } from "./parts.ts"

describe("cores", () => {
  test.each([
    ["processors 64\nnproc 64\nquota max 100000\n", 64],
    ["processors 64\nnproc 8\nquota max 100000\n", 8],
    ["processors 64\nnproc 64\nquota 768000 100000\n", 7.68],
    ["processors 64\nnproc 64\nquota 400000 100000 \n", 4],
    ["processors 64\nnproc 64\nquota -1 100000 \n", 64],
    ["processors 64\nnproc \nquota \n", 64],
    ["processors \nnproc \nquota \n", null]
  ])("%j are %s", (text, cores) => {
    expect(coresIn(text)).toBe(cores)
  })
})

describe("memory", () => {
  test.each([
    ["MemTotal:       65853404 kB\nlimit max\n", 64_310],
    ["MemTotal:       65853404 kB\nlimit 34359738368\n", 32_768],
    ["MemTotal:       65853404 kB\nlimit 9223372036854771712\n", 64_310],
    ["limit 34359738368\n", 32_768],
    ["limit \n", null]
  ])("%j is %s", (text, memory) => {
    expect(memoryIn(text)).toBe(memory)
  })
})

describe("disks", () => {
  const header = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
  const line = (device: string, kib: number, mount: string) => `${device} ${kib} 1024 ${kib - 1024} 1% ${mount}\n`

  test("of a container is the overlay: what it is shown of its host does not count", () => {
    const overlay = line("overlay", 104_857_600, "/")
    const text = `${overlay}${header}${overlay}${line("tmpfs", 65_536, "/dev")}${line("/dev/sda1", 2_000_000_000, "/etc/hosts")}`
    expect(diskIn(text)).toEqual({ sizeMiB: 102_400, freeMiB: 102_399, elsewhereMiB: 0, mounts: [] })
  })

  test("of a VM may be several; one that is mounted twice counts once", () => {
    const root = line("/dev/vda1", 20_971_520, "/")
    const data = line("/dev/vdb", 524_288_000, "/mnt")
    const text = `${root}${header}${root}${line("/dev/vda15", 106_858, "/boot/efi")}${data}${data}${line("/dev/loop0", 65_536, "/snap/core/1")}`
    expect(diskIn(text)).toMatchObject({ sizeMiB: 20_480, elsewhereMiB: 512_000, mounts: ["/mnt"] })
  })

  test("of anything else is not known", () => {
    for (const text of ["", "df: /root: No such file or directory\n", header, "overlay 0 0 0 - /\n"]) {
      expect(diskIn(text)).toBeNull()
    }
  })
})

test("a speed needs bytes and time", () => {
  expect(speedIn("bytes 10485760 from 100.00 to 100.50\n")).toBe(20)
  for (const text of ["bytes 10485760 from 1.00 to 1.00\n", "bytes 0 from 1.00 to 2.00\n", "bytes 5 from  to \n", ""]) {
    expect(speedIn(text)).toBeNull()
  }
})

test("whatever programs write, its parts are found, and no cut of it is read", () => {
  const mark = "#anygpu-0123456789abcdef"
  const texts = fc.oneof(fc.string(), fc.constantFrom("\n#anygpu-1 end\n", `${mark}`, " code 0\n", "\n\n"))
  const part = fc.record({ name: fc.constantFrom("a", "b", "c"), text: texts, code: fc.nat(255) })
  fc.assert(
    fc.property(fc.uniqueArray(part, { minLength: 1, selector: ({ name }) => name }), fc.nat(), (all, at) => {
      const written = all.map(({ name, text, code }) => `\n${mark} part ${name}\n${text}\n${mark} code ${code}\n`)
      const answer = `${written.join("")}\n${mark} end\n`
      expect([...(partsIn(answer, mark) ?? [])]).toEqual(all.map(({ name, text, code }) => [name, { text, code }]))
      expect(partsIn(answer.slice(0, at % answer.length), mark)).toBeNull()
    })
  )
})
