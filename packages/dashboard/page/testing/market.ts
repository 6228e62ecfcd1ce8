import type { MarketShowJson, SpentJson } from "@anygpu/operations/protocol"
import { randomOf } from "./random.ts"

const hour = 3_600_000

const usd = (amount: number) => ({ amount: amount.toFixed(4), currency: "USD" as const })

const levels = { fluence: 2.24, lambda: 2.49, runpod: 2.69, vast: 1.92, verda: 2.29 } as const

/** What one model has cost in a week, hour by hour; for a few hours nobody looked. */
export const marketOf = (gpu: string, now: number, back = 168): MarketShowJson => {
  const hours: MarketShowJson["hours"] = []
  const looked: MarketShowJson["looked"] = []
  for (const [index, [provider, level]] of Object.entries(levels).entries()) {
    const random = randomOf(index + 3)
    let price: number = level
    for (let at = Math.floor(now / hour) * hour - back * hour; at <= now; at += hour) {
      if (provider === "vast") price = Math.max(1.55, price + (random() - 0.5) * 0.14)
      else if (random() < 0.02) price = level * (0.9 + random() * 0.2)
      const age = (now - at) / hour
      const when = new Date(at).toISOString()
      if (age > 61 && age < 66) continue
      looked.push({ hour: when, provider, kind: "container" })
      if (provider === "lambda" && age > 20 && age < 44) continue
      hours.push({
        ...{ hour: when, provider, kind: "container", gpu, count: 3 + index },
        ...{ min: usd(price), median: usd(price * 1.08), max: usd(price * 1.4) }
      })
    }
  }
  const [from, to] = [new Date(now - back * hour).toISOString(), new Date(now).toISOString()]
  return { gpus: [gpu], interruptible: false, from, to, hours, looked }
}

const groups: Readonly<Record<string, ReadonlyArray<string>>> = {
  cloud: ["vast", "runpod", "fluence", "huddle", "verda"],
  gpu: ["H100 SXM", "A100 SXM", "L40S", "RTX 4090"],
  tag: ["team=nlp", "team=vfx", "run=sft-12"],
  owner: ["ada@lab", "grace@lab", "linus@studio"],
  account: ["vast", "runpod"],
  machine: ["vast/container/48000000", "runpod/container/48000001", "fluence/vm/e00fe79b-91c2-4a55-8d0e-0a8f6a6b1c11"]
}

/** What was spent between two moments, as `spent` answers. */
export const spentOf = (input: Readonly<Record<string, unknown>>, now: number): SpentJson => {
  const by = String(input["by"] ?? "machine")
  const [from, to] = [
    Date.parse(String(input["from"] ?? new Date(now - 90 * 24 * hour).toISOString())),
    Date.parse(String(input["to"] ?? new Date(now).toISOString()))
  ]
  const random = randomOf(Math.floor(from / hour) % 9973)
  const days = (to - from) / (24 * hour)
  const rows = (groups[by] ?? []).map((of, index) => ({
    ...{ of, cost: [usd(days * (26 / (index + 1)) * (0.5 + random()))] },
    ...{ paidSeconds: days * 30_000, unobservedSeconds: index === 1 ? 700 : 0, unpricedSeconds: 0 }
  }))
  const sum = rows.reduce((all, { cost }) => all + Number(cost[0]?.amount ?? 0), 0)
  return {
    ...{ by: by as SpentJson["by"], from: new Date(from).toISOString(), to: new Date(to).toISOString(), rows },
    total: { cost: [usd(sum)], paidSeconds: days * 90_000, unobservedSeconds: 700, unpricedSeconds: 0 }
  }
}
