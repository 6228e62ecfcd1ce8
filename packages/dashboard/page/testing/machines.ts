import type { LeasedMachineJson, MoneyJson } from "@anygpu/operations/protocol"
import type { EntryOf } from "../../src/protocol/index.ts"

const hour = 3_600_000

const iso = (at: number): string => new Date(at).toISOString()

const usd = (amount: number): MoneyJson => ({ amount: String(Math.ceil(amount * 1e6) / 1e6), currency: "USD" })

/** What is special about one machine. */
export type Made = Partial<LeasedMachineJson> & {
  readonly name: string
  readonly provider: string
  readonly kind: string
}

/** A machine that runs, but for what is said of it. */
export const machineEntry = (made: Made, index: number, now: number): EntryOf<"machine"> => {
  const { provider, kind } = made
  const id = made.id ?? String(48_000_000 + index)
  const ref = `${provider}/${kind}/${id}`
  const price = made.pricePerHour ?? usd(0.3 + (index % 9) * 0.21)
  const createdAt = made.createdAt ?? iso(now - (1.3 + index * 0.7) * hour)
  const hours = (now - Date.parse(createdAt)) / hour
  const amount = (Number(price.amount) * hours).toFixed(6)
  const cost = {
    cost: [{ amount, currency: price.currency }],
    paidSeconds: hours * 3600,
    unobservedSeconds: 0,
    unpricedSeconds: 0
  }
  const machine: LeasedMachineJson = {
    ...{ ref, id, keptName: null, notice: null, status: "running", reason: null, said: null, ready: true },
    ...{ billing: "compute", actions: ["stop", "restart", "terminate", "rename", "logs"] },
    gpu: { model: "RTX 4090", known: true, vendor: "nvidia", count: 1, vramMiB: 24_576, interface: "pcie" },
    ...{
      vcpus: 16,
      memoryMiB: 65_536,
      storageMiB: 102_400,
      location: { country: "FI", region: null, native: "Finland" }
    },
    ...{ interruptible: false, ports: [], urls: [], endsAt: null, account: null, tags: {}, owner: "ada@lab" },
    ssh: [
      {
        host: "203.0.113.7",
        port: 11_000 + index,
        user: "root",
        via: "direct",
        command: `ssh -p ${11_000 + index} root@203.0.113.7`
      }
    ],
    ...{ marker: `ag${index}`, observedAt: iso(now), leaseUntil: null, endedBy: "nobody", cost },
    ...made,
    ...{ pricePerHour: price, createdAt }
  }
  return { key: `machine/${ref}`, is: "machine", ref, ledger: null, machine, cost: machine.cost, costAt: iso(now) }
}

/** A handful of machines as a team has them. */
export const teamMachines = (now: number): ReadonlyArray<EntryOf<"machine">> => {
  const gpu = (model: string, count: number, vram: number): LeasedMachineJson["gpu"] => ({
    ...{ model, known: true, vendor: "nvidia", count, vramMiB: vram * 1024, interface: null }
  })
  const all: ReadonlyArray<Made> = [
    {
      ...{
        name: "trainer",
        provider: "vast",
        kind: "container",
        gpu: gpu("H100 SXM", 4, 80),
        pricePerHour: usd(8.9421)
      },
      ...{
        leaseUntil: iso(now + 0.35 * hour),
        endedBy: "keeper",
        tags: { team: "nlp", run: "sft-12" },
        createdAt: iso(now - 5.65 * hour)
      }
    },
    {
      ...{
        name: "eval-llama",
        provider: "runpod",
        kind: "container",
        gpu: gpu("A100 SXM", 1, 80),
        pricePerHour: usd(1.491)
      },
      ...{
        leaseUntil: iso(now + 2.1 * hour),
        endedBy: "keeper",
        owner: "grace@lab",
        tags: { team: "nlp" },
        createdAt: iso(now - 1.9 * hour)
      }
    },
    {
      ...{ name: "render-farm-3", provider: "fluence", kind: "vm", id: "e00fe79b-91c2-4a55-8d0e-0a8f6a6b1c11" },
      ...{ gpu: gpu("L40S", 2, 48), pricePerHour: { amount: "1.72", currency: "USDC" }, owner: "linus@studio" },
      ...{
        leaseUntil: iso(now + 9.4 * hour),
        endedBy: "keeper",
        tags: { team: "vfx" },
        createdAt: iso(now - 14.2 * hour)
      },
      location: { country: "PL", region: null, native: "Poland" }
    },
    {
      ...{
        name: "notebook",
        provider: "huddle",
        kind: "vm",
        id: "dep_911fee02",
        gpu: gpu("L40S", 1, 48),
        pricePerHour: usd(0.914)
      },
      ...{ owner: "ada@lab", createdAt: iso(now - 0.6 * hour) }
    },
    {
      ...{
        name: "checkpoint-box",
        provider: "verda",
        kind: "vm",
        id: "4b1c77d0",
        gpu: gpu("A100 PCIE", 1, 80),
        pricePerHour: usd(1.24)
      },
      ...{
        status: "stopped",
        ready: false,
        billing: "storage",
        actions: ["start", "terminate"],
        ssh: [],
        owner: "grace@lab"
      },
      ...{ createdAt: iso(now - 31 * hour) }
    },
    {
      ...{
        name: "sweep-07",
        provider: "vast",
        kind: "container",
        gpu: gpu("RTX 4090", 1, 24),
        pricePerHour: usd(0.4217)
      },
      ...{
        status: "starting",
        ready: false,
        ssh: [],
        actions: ["terminate", "logs"],
        said: "loading, pulling pytorch/pytorch"
      },
      ...{
        leaseUntil: iso(now + 3 * hour),
        endedBy: "keeper",
        tags: { team: "nlp", run: "sweep" },
        createdAt: iso(now - 0.05 * hour)
      },
      location: { country: "SE", region: null, native: "Sweden" }
    }
  ]
  return all.map((made, index) => machineEntry(made, index, now))
}
