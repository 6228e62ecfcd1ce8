import { describe, expect, test } from "vitest"
import type { FoundGpu, GpusRead } from "./gpu-reading.ts"
import { checkOf, fine, found, gpu, observation, offer, read, recording, rtx4090 } from "./judge.test-support.ts"
import { judge } from "./judge.ts"
import { readNvidiaCsv } from "./nvidia-csv.ts"
import { readNvidiaXml } from "./nvidia-xml.ts"
import type { Observation } from "./observation.ts"
import { readRocm } from "./rocm.ts"

describe("GPUs", () => {
  test("as offered", () => {
    expect(found(read([rtx4090, rtx4090]), gpu("RTX 4090", 2, 24))).toEqual(["as-offered"])
  })

  test("fewer than offered are wrong, more are a note", () => {
    expect(found(read([rtx4090]), gpu("RTX 4090", 2, 24))).toEqual(["not-as-offered", "gpu-count wrong"])
    expect(checkOf("gpu-count", read([rtx4090]), gpu("RTX 4090", 2, 24))).toMatchObject({
      message: "The offer is for 2 GPUs, and the machine shows 1",
      offered: "2 GPUs",
      found: "1 GPU"
    })
    expect(found(read([rtx4090, rtx4090]), gpu("RTX 4090", 1, 24))).toEqual(["as-offered", "gpu-count note"])
  })

  test("of which the driver shows fewer than it has are faulty", () => {
    const reading = read([rtx4090], { attached: 4 })
    expect(found(reading, gpu("RTX 4090", 1, 24))).toEqual(["not-as-offered", "gpu-count faulty"])
  })

  test.each([
    ["RTX 4090", "NVIDIA GeForce RTX 3090", 24_576],
    ["RTX 4090", "NVIDIA GeForce RTX 4090 D", 24_564],
    ["A100 PCIE", "NVIDIA A100-SXM4-80GB", 81_920],
    ["H100 SXM", "NVIDIA H100 PCIe", 81_559]
  ])("%s that is %s is wrong", (offered, name, memoryMiB) => {
    const [outcome, first] = found(read([fine(name, memoryMiB)]), gpu(offered, 1, null))
    expect([outcome, first]).toEqual(["not-as-offered", "gpu-model wrong"])
  })

  test.each([
    ["A100", "NVIDIA A100-SXM4-80GB", 81_920],
    ["H100 SXM", "NVIDIA H100 80GB HBM3", 81_559],
    ["H200 SXM", "NVIDIA H200", 143_771],
    ["T4", "Tesla T4", 15_360],
    ["RTX 6000 Ada", "NVIDIA RTX 6000 Ada Generation", 49_140],
    ["L40S", "NVIDIA L40S", 46_068]
  ])("%s that is %s is as offered", (offered, name, memoryMiB) => {
    expect(found(read([fine(name, memoryMiB)]), gpu(offered, 1, null))).toEqual(["as-offered"])
  })

  test("one of another model among them is wrong", () => {
    const other = fine("NVIDIA GeForce RTX 3060", 12_288)
    expect(found(read([rtx4090, other]), gpu("RTX 4090", 2, 24))).toEqual([
      ...["not-as-offered", "gpu-model wrong", "gpu-memory wrong"]
    ])
  })

  test("with a name that is in no table are unknown, and their memory still tells", () => {
    const virtual = readNvidiaXml(recording("nvidia-xml/grid-p4-1q-v11.xml"))
    expect(found(virtual, gpu("P4", 1, 1))).toEqual(["unclear"])
    expect(found(virtual, gpu("P4", 1, 8))).toEqual(["not-as-offered", "gpu-memory wrong"])
  })

  test("with less memory are wrong; what drivers and error correction keep is not", () => {
    expect(found(read([fine("NVIDIA A10G", 23_028)]), gpu("A10G", 1, 24))).toEqual(["as-offered"])
    expect(found(read([fine("NVIDIA A100-SXM4-40GB", 40_960)]), gpu("A100 SXM4", 1, 80))).toEqual([
      ...["not-as-offered", "gpu-memory wrong"]
    ])
    expect(found(read([fine("NVIDIA GeForce RTX 4090", 49_140)]), gpu("RTX 4090", 1, 24))).toEqual([
      ...["as-offered", "gpu-memory note"]
    ])
  })
})

describe("GPUs that cannot be read", () => {
  test("are not there: wrong", () => {
    const none = readNvidiaXml("No devices were found\n")
    expect(found(none, gpu("RTX 4090", 1, 24))).toEqual(["not-as-offered", "gpu-count wrong"])
  })

  test("do not work: faulty", () => {
    const said =
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n\n"
    expect(found(readNvidiaXml(said), gpu("RTX 4090", 1, 24))).toEqual(["not-as-offered", "gpu-count faulty"])
  })

  test("are unknown, and never fine", () => {
    const { outcome, unknown } = judge(
      observation({ state: "unknown", said: "the machine has no nvidia-smi" }),
      offer(gpu("RTX 4090", 1, 24))
    )
    expect([outcome, unknown.map(({ subject }) => subject)]).toEqual(["unclear", ["gpu-count", "gpu-model"]])
    expect(unknown[0]?.message).toContain("the machine has no nvidia-smi")
  })
})

describe("divided cards (MIG)", () => {
  const a100 = readNvidiaXml(recording("nvidia-xml/a100-sxm4-v12.xml"))

  test("are wrong where whole ones were offered", () => {
    expect(found(a100, gpu("A100 SXM4", 1, 80))).toEqual([
      ...["not-as-offered", "gpu-division wrong", "gpu-count faulty"]
    ])
    const h100 = readNvidiaCsv(recording("nvidia-csv/linux-h100-mig-590.48.01-idle.csv"))
    expect(found(h100, gpu("H100 SXM", 1, 80))).toEqual(["not-as-offered", "gpu-division wrong"])
  })

  test("are as offered where slices were", () => {
    const slice = fine("NVIDIA A100-SXM4-80GB", 81_920, { isDivided: true, slices: [{ memoryMiB: 19_968 }] })
    expect(found(read([slice]), gpu("A100 SXM4 MIG 2g.20gb", 1, 20))).toEqual(["as-offered"])
    expect(found(read([slice]), gpu("A100 SXM4 MIG 3g.40gb", 1, 40))).toEqual(["not-as-offered", "gpu-memory wrong"])
    expect(found(read([slice]), gpu("A100 SXM4 MIG 2g.20gb", 2, 20))).toEqual(["not-as-offered", "gpu-count wrong"])
  })

  test("that have no slice are faulty, and slices that are not listed unknown", () => {
    const empty = fine("NVIDIA A100-SXM4-80GB", 81_920, { isDivided: true, slices: [] })
    expect(found(read([empty]), gpu("A100 SXM4", 1, 80))).toEqual(["not-as-offered", "gpu-division faulty"])
    const unlisted = fine("NVIDIA A100-SXM4-80GB", 81_920, { isDivided: true, slices: null })
    expect(found(read([unlisted]), gpu("A100 SXM4 MIG 2g.20gb", 1, 20))).toEqual(["unclear"])
  })
})

describe("health and speed", () => {
  const with4090 = (more: Partial<FoundGpu>, reading: Partial<GpusRead> = {}) =>
    found(read([{ ...rtx4090, ...more }], reading), gpu("RTX 4090", 1, 24))

  test("new errors of memory are faulty, old ones a note", () => {
    expect(with4090({ newEccErrors: 2, allEccErrors: 2 })).toEqual(["not-as-offered", "gpu-health faulty"])
    expect(with4090({ allEccErrors: 2 })).toEqual(["as-offered", "gpu-health note"])
  })

  test("what has to be repaired, or does not answer, is faulty", () => {
    expect(with4090({ repairs: ["it needs a reset"] })).toEqual(["not-as-offered", "gpu-health faulty"])
    expect(with4090({ brokenFields: ["fan_speed"] })).toEqual(["not-as-offered", "gpu-health faulty"])
    const said = "Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost. Reboot the system."
    expect(with4090({}, { said })).toEqual(["not-as-offered", "gpu-health faulty"])
    expect(with4090({}, { said: "WARNING: infoROM is corrupted at gpu 0000:01:00.0" })).toEqual([
      ...["as-offered", "gpu-health note"]
    ])
  })

  test("heat and a limit of power are slow", () => {
    expect(with4090({ slowdowns: ["it is too hot"] })).toEqual(["as-offered", "gpu-speed slow"])
    const capped = readNvidiaXml(recording("nvidia-xml/rtx-3090-v12.xml"))
    expect(found(capped, gpu("RTX 3090", 1, 24))).toEqual(["as-offered", "gpu-power slow", "gpu-link note"])
    expect(checkOf("gpu-power", capped, gpu("RTX 3090", 1, 24))?.message).toBe(
      "A GPU is limited to 200 of its usual 350 W"
    )
  })

  test("a narrow or idle link is never more than a note", () => {
    const t4 = readNvidiaXml(recording("nvidia-xml/tesla-t4.xml"))
    expect(found(t4, gpu("T4", 1, 16))).toEqual(["as-offered", "gpu-link note"])
  })
})

describe("the rest of a machine", () => {
  const host = (more: Partial<Observation>) => found(read([rtx4090]), gpu("RTX 4090", 1, 24), more)

  test.each([
    ["cores", { cores: 4 }],
    ["memory", { memoryMiB: 32_000 }],
    ["disk", { disk: { sizeMiB: 50_000, freeMiB: 50_000, elsewhereMiB: 0, mounts: [] } }]
  ])("fewer %s are wrong", (subject, more) => {
    expect(host(more)).toEqual(["not-as-offered", `${subject} wrong`])
  })

  test("a disk that is nearly full is a note", () => {
    expect(host({ disk: { sizeMiB: 2_000_000, freeMiB: 10_000, elsewhereMiB: 0, mounts: [] } })).toEqual([
      "as-offered",
      "disk note"
    ])
  })

  test("a disk that is mounted elsewhere is a note", () => {
    const disk = { sizeMiB: 20_000, freeMiB: 15_000, elsewhereMiB: 90_000, mounts: ["/mnt/data"] }
    expect(host({ disk })).toEqual(["as-offered", "disk note"])
  })

  test("slow disks and networks are slow, and what was not measured is unknown", () => {
    expect(host({ writeSpeed: 30, downloadSpeed: 1.25 })).toEqual([
      ...["as-offered", "disk-speed slow", "download-speed slow"]
    ])
    const { unknown } = judge(
      observation(read([rtx4090]), { writeSpeed: "not-measured", cores: null, memoryMiB: null, disk: null }),
      offer(gpu("RTX 4090", 1, null))
    )
    expect(unknown.map(({ subject }) => subject)).toEqual([
      ...["gpu-memory", "gpu-power", "gpu-link", "cores", "memory", "disk", "disk-speed"]
    ])
  })

  test("a machine without a GPU needs none", () => {
    expect(found({ state: "unknown", said: "the machine has no nvidia-smi" }, null)).toEqual(["as-offered"])
    expect(found(read([rtx4090]), null)).toEqual(["as-offered", "gpu-count note"])
  })

  test("a machine of the SDK is compared by its own disk", () => {
    const machine = { gpu: gpu("RTX 4090", 1, 24), vcpus: 8, memoryMiB: 65_536, storageMiB: 512_000 }
    expect(judge(observation(read([rtx4090])), machine).findings).toMatchObject([{ subject: "disk", verdict: "wrong" }])
  })

  test("can be left out", () => {
    const { checks, outcome } = judge(observation(read([rtx4090]), { cores: 1 }), offer(gpu("RTX 4090", 1, 24)), {
      only: ["gpu-count", "gpu-model"]
    })
    expect([outcome, checks.map(({ subject }) => subject)]).toEqual(["as-offered", ["gpu-count", "gpu-model"]])
  })
})

describe("cards of AMD", () => {
  test("are known by one of the names of their chip", () => {
    const reading = readRocm(recording("rocm/rx6700xt_rocm612.json"))
    expect(found(reading, gpu("RX 6700 XT", 1, 12))).toEqual(["as-offered"])
    expect(found(reading, gpu("RX 7900 XTX", 1, 24))).toEqual([
      ...["not-as-offered", "gpu-model wrong", "gpu-memory wrong"]
    ])
    expect(found(readRocm(recording("rocm/rx6700xt_rocm430.json")), gpu("RX 6700 XT", 1, 12))).toEqual(["unclear"])
  })
})
