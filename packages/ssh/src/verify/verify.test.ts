import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { canonicalGpu, type Gpu } from "@anygpu/core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type ConnectedMachine, connect } from "../index.ts"
import { remoteShells, type Sshd, startSshd, withoutSshd } from "../testing/sshd.ts"
import { partsIn } from "./parts.ts"

const fixture = (path: string): string => new URL(`fixtures/${path}`, import.meta.url).pathname

const a10g: Gpu = { ...canonicalGpu("A10G", { vramMiB: 24_576 }), count: 1, vramMiB: 24_576 }
const offer = { gpu: a10g, vcpus: null, memoryMiB: null, diskMiB: null }

describe.skipIf(withoutSshd).each(remoteShells)("a machine with %s as sh", (shell) => {
  let sshd: Sshd
  let machine: ConnectedMachine
  let files: Server

  /** Puts a program of the machine in place. */
  const install = (name: string, script: string) => {
    const path = join(sshd.folder, "bin", name)
    writeFileSync(path, `#!/bin/sh\n${script}\n`)
    chmodSync(path, 0o755)
  }

  beforeAll(async () => {
    sshd = await startSshd(shell)
    machine = await connect(sshd, { key: sshd.key, agent: false })
    files = createServer((_, response) => response.end(Buffer.alloc(3_000_000)))
    await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve))
  }, 240_000)
  afterAll(async () => {
    await machine?.close()
    await sshd?.stop()
    files?.close()
  })

  test("without a GPU tells cores, memory and disk", async () => {
    const { outcome, observation, unknown } = await machine.verify(offer)
    expect(outcome).toBe("unclear")
    expect(unknown[0]?.message).toBe("The GPUs could not be read: the machine has no nvidia-smi")
    const [, total] = /MemTotal: +(\d+)/.exec(readFileSync("/proc/meminfo", "utf8")) ?? []
    expect(observation.cores).toBeGreaterThan(0)
    expect(observation.memoryMiB).toBeGreaterThan(100)
    expect(observation.memoryMiB).toBeLessThanOrEqual(Math.round(Number(total) / 1024))
    expect(observation.disk?.sizeMiB).toBeGreaterThan(observation.disk?.freeMiB ?? 0)
    expect([observation.writeSpeed, observation.downloadSpeed]).toEqual(["not-asked", "not-asked"])
  })

  test("shows what its driver says, and where that is not what was offered", async () => {
    install("nvidia-smi", `[ "$1" = -q ] && cat ${fixture("nvidia-xml/a10g.xml")}`)
    expect((await machine.verify(offer)).outcome).toBe("as-offered")
    const two = { ...offer, gpu: { ...a10g, count: 2 } }
    expect(await machine.verify(two)).toMatchObject({
      outcome: "not-as-offered",
      findings: [{ subject: "gpu-count", verdict: "wrong" }, { subject: "gpu-link" }]
    })
  })

  test("is read by the other form where one is cut, also by a driver that lacks a field", async () => {
    const cut = `head -c 900 ${fixture("nvidia-xml/a10g.xml")}`
    const table = `cat ${fixture("nvidia-csv/linux-l40s-595.80-idle.csv")}`
    const field = "echo 'Field \"mig.mode.current\" is not a valid field to query.'; exit 2"
    install("nvidia-smi", `case "$*" in *-x*) ${cut} ;; *mig.mode*) ${field} ;; *) ${table} ;; esac`)
    const { findings } = await machine.verify(offer)
    expect(findings[0]).toMatchObject({ subject: "gpu-model", verdict: "wrong", found: "NVIDIA L40S" })
  })

  test("whose driver does not work, or is gone, is faulty or wrong", async () => {
    install("nvidia-smi", "echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18")
    expect((await machine.verify(offer)).findings[0]).toMatchObject({ subject: "gpu-count", verdict: "faulty" })
    install("nvidia-smi", "echo 'No devices were found'; exit 6")
    expect((await machine.verify(offer)).findings[0]).toMatchObject({ subject: "gpu-count", verdict: "wrong" })
  })

  test("with cards of AMD", async () => {
    install("nvidia-smi", "exit 127")
    install("rocm-smi", `cat ${fixture("rocm/mi100_rocm602.json")}`)
    const mi100 = { ...canonicalGpu("MI100", { vramMiB: 32_768 }), count: 4, vramMiB: 32_768 }
    expect((await machine.verify({ ...offer, gpu: mi100 })).outcome).toBe("as-offered")
  })

  test("measures its disk and its network, and leaves nothing", async () => {
    const { port } = files.address() as AddressInfo
    const { observation } = await machine.verify(offer, { write: 8, url: `http://127.0.0.1:${port}/` })
    expect([observation.writeSpeed, observation.downloadSpeed]).not.toContain("not-asked")
    const home = (await machine.exec("echo $HOME")).stdout.trim()
    expect(readdirSync(home).filter((name) => name.startsWith(".anygpu-write"))).toEqual([])
    const { unknown } = await machine.verify(offer, { url: "http://127.0.0.1:9/nothing" })
    expect(unknown.map(({ subject }) => subject)).toContain("download-speed")
  })

  test.each([{ write: 0 }, { write: 1.5 }, { write: 1_000_000 }, { url: "file:///etc/passwd" }, { url: "x" }])(
    "refuses %o before anything is sent",
    async (options) => {
      await expect(machine.verify(offer, options)).rejects.toMatchObject({ _tag: "InvalidRequest" })
    }
  )
})

describe("an answer in parts", () => {
  const mark = "#anygpu-1"
  const whole = `Welcome!\n\n${mark} part a\none\ntwo\n\n${mark} code 0\n\n${mark} part b\n\n${mark} code 127\n\n${mark} end\n`

  test("is divided by its mark, after whatever a login shell says", () => {
    expect([...(partsIn(whole, mark) ?? [])]).toEqual([
      ["a", { text: "one\ntwo\n", code: 0 }],
      ["b", { text: "", code: 127 }]
    ])
  })

  test("is refused wherever it is cut", () => {
    for (let length = 0; length < whole.length; length++) expect(partsIn(whole.slice(0, length), mark)).toBeNull()
  })
})
