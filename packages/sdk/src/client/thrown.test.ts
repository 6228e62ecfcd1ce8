import { fetchTransport, undiciTransport } from "@anygpu/core/adapter"
import { fluence } from "@anygpu/fluence"
import { huddle } from "@anygpu/huddle"
import { vast } from "@anygpu/vast"
import { expect, test } from "vitest"
import { addMoney, compareMoney, estimate, money, scaleMoney, subtractMoney } from "../index.ts"
import { sqliteLedger } from "../sqlite.ts"
import { market } from "../testing/market.ts"
import { createGpu } from "./create-gpu.ts"
import { makeGpu } from "./make-gpu.ts"

const wrong = (value: unknown): never => value as never
const gpu = () => createGpu({ clouds: market().clouds })
const euros = wrong({ micros: 1, currency: "EUR" })
const much = money(9_000_000_000)
const job = (part: object) => wrong({ duration: "1 hour", ...part })
const free = { pricePerHour: null, terms: null }

/** Everything that throws at once, called wrongly. */
const thrown: Readonly<Record<string, () => unknown>> = {
  "createGpu without clouds": () => createGpu({ clouds: [] }),
  "createGpu with an unknown option": () => createGpu(wrong({ provider: [] })),
  "createGpu with a wrong limit": () => createGpu(wrong({ clouds: market().clouds, spendLimit: { perHour: 5 } })),
  "makeGpu without clouds": () => makeGpu({ clouds: [] }),
  "vast without a key": () => vast({ apiKey: "" }),
  "huddle with an unknown option": () => huddle(wrong({ apiKey: "key", baseURL: "x" })),
  "fluence with another cloud's option": () => fluence(wrong({ apiKey: "key", baseUrl: "x" })),
  "vast.fromEnv with an unknown option": () => vast.fromEnv(wrong({ base: "x" })),
  "huddle.fromEnv with a wrong address": () => huddle.fromEnv({ env: { HUDDLE_API_KEY: "key" }, baseUrl: "no" }),
  "money of a word": () => money("dear"),
  "money beyond its limit": () => money("1e30"),
  "addMoney of two currencies": () => addMoney(money(1), euros),
  "addMoney beyond its limit": () => addMoney(much, much),
  "subtractMoney of two currencies": () => subtractMoney(money(1), euros),
  "compareMoney of two currencies": () => compareMoney(money(1), euros),
  "scaleMoney beyond its limit": () => scaleMoney(much, 1_000_000),
  "estimate without a time": () => estimate(free, job({ duration: "never" })),
  "estimate of a negative disk": () => estimate(free, job({ storageMiB: -1 })),
  "sqliteLedger without a path": () => sqliteLedger(""),
  "fetchTransport with a wrong limit": () => fetchTransport(fetch, { maxAnswerBytes: -1 }),
  "undiciTransport with a wrong limit": () => undiciTransport({ maxAnswerBytes: 0.5 }),
  "portability with an unknown option": () => gpu().portability(wrong({ nope: 1 })),
  "watch with a wrong signal": () => gpu().watch(wrong({ signal: 5 }))
}

const first = async (changes: AsyncIterable<unknown>) => {
  for await (const change of changes) return change
}

/** What rejects before anything is sent, called wrongly. */
const rejected: Readonly<Record<string, () => Promise<unknown>>> = {
  "watch with an unknown option": () => first(gpu().watch(wrong({ evry: "1 minute" }))),
  "list with a wrong signal": () => gpu().list(wrong({ signal: 5 })),
  "lease without a spec": () => gpu().lease(wrong({}), { ttl: "1 hour" }),
  "act on nothing": () => gpu().act(wrong("nothing"), "stop")
}

const stackOf = async (call: () => unknown): Promise<ReadonlyArray<string>> => {
  try {
    await call()
  } catch (error) {
    return error instanceof Error ? (error.stack ?? "").split("\n") : [String(error)]
  }
  return ["nothing was thrown"]
}

test.each(Object.entries({ ...thrown, ...rejected }))("an error begins at its caller's line: %s", async (_, call) => {
  const [head, frame] = await stackOf(call)
  expect(head).toMatch(/^(InvalidRequest|ProviderFault): /)
  expect(frame).toMatch(/^ {4}at .*thrown\.test\.ts(\?vitest=\d+)?:\d+:\d+/)
})
