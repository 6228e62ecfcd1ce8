import { oddValues, type Path, placesIn, placeText, putAt, valueAt } from "@anygpu/conformance"
import { type AnyProvider, isGpuError, Listing, waitUntilReady } from "@anygpu/core"
import { createClock } from "@anygpu/simulators"
import * as Cause from "effect/Cause"
import type * as Exit from "effect/Exit"
import * as ExitOf from "effect/Exit"
import { type Call, callsOf } from "./fuzz/calls.ts"
import { everyKind, type FuzzedKind, secret } from "./fuzz/clouds.ts"
import { type Answer, recording, replaying, runOn } from "./fuzz/record.ts"

/*
 * Every leaf of every answer of every route, made odd in fifty ways, one at a time, on every kind of every cloud: no call
 * dies, no row but the odd one is lost, and no error shows the key, which some odd values hold.
 *
 *   fuzz.ts            every value at every leaf
 *   fuzz.ts 10 vms     each tenth of them, for the kinds whose names hold the word
 *
 * The simulated clouds and the choice of values are the same each time. Exits with 1 when anything is found.
 */

const each = Math.max(1, Number(process.argv[2] ?? 1))
const word = (process.argv[3] ?? "").toLowerCase()
const mostShown = 10

const values: ReadonlyArray<unknown> = [...oddValues, secret, `Bearer ${secret}`]

interface Tally {
  readonly kind: string
  readonly call: string
  leaves: number
  calls: number
  refused: number
  died: number
  lost: number
  leaked: number
}

const findings: string[] = []

/** The machine or type that an item is of: places of one type are of one row. */
const rowOf = (item: unknown): string => {
  const { id, ref } = Object(item) as { id?: unknown; ref?: { readonly id?: unknown } }
  return String(ref?.id ?? id).replace(/@.*$/, "")
}

const rowsOf = (exit: Exit.Exit<unknown, unknown>): ReadonlySet<string> | null =>
  ExitOf.isSuccess(exit) && exit.value instanceof Listing ? new Set(exit.value.items.map(rowOf)) : null

/** What an error says, with the problems behind it. */
const saidBy = (exit: Exit.Exit<unknown, unknown>): string => {
  if (ExitOf.isFailure(exit)) {
    const error = Cause.squash(exit.cause)
    return `${String(error)} ${JSON.stringify(error)}`
  }
  const { problems } = Object(exit.value) as { problems?: unknown }
  return JSON.stringify(problems ?? null)
}

/** What is wrong with how a call ended, beside how it ends when nothing is odd. */
const wrongWith = (
  exit: Exit.Exit<unknown, unknown>,
  whole: ReadonlySet<string> | null
): "died" | "lost" | "leaked" | null => {
  if (ExitOf.isFailure(exit) && !isGpuError(Cause.squash(exit.cause))) return "died"
  const rows = rowsOf(exit)
  const missing = rows && whole ? [...whole].filter((row) => !rows.has(row)) : []
  const isWhole = ExitOf.isSuccess(exit) && exit.value instanceof Listing && exit.value.complete
  if (missing.length > 1 && isWhole) return "lost"
  return saidBy(exit).includes(secret) ? "leaked" : null
}

/** The leaves of an answer: of a list those of its first element, since the others are of the same shape. */
const leavesOf = (body: unknown): ReadonlyArray<Path> =>
  placesIn(body).filter((path) => {
    const value = valueAt(body, path)
    const isFirst = path.every((key) => typeof key !== "number" || key === 0)
    return isFirst && (typeof value !== "object" || value === null)
  })

const withOdd = (answers: ReadonlyArray<Answer>, index: number, path: Path, odd: unknown): ReadonlyArray<Answer> =>
  answers.map((answer, at) => {
    if (at !== index) return answer
    const body = structuredClone(answer.body)
    putAt(body, path, odd)
    return { ...answer, body }
  })

/** A call with these answers, by a new client on a ledger of its own. */
const replay = async ({ provider }: FuzzedKind, call: Call, answers: ReadonlyArray<Answer>) => {
  const clock = createClock()
  try {
    return await runOn(clock)(call.run(provider(replaying(answers))))
  } finally {
    clock.close()
  }
}

const note = (
  tally: Tally,
  wrong: "died" | "lost" | "leaked",
  what: string,
  exit: Exit.Exit<unknown, unknown>
): void => {
  tally[wrong]++
  if (findings.length < mostShown)
    findings.push(`${wrong}: ${tally.kind} ${tally.call}, ${what}: ${saidBy(exit).slice(0, 300)}`)
}

let count = 0

const fuzzCall = async (kind: FuzzedKind, call: Call, answers: ReadonlyArray<Answer>): Promise<Tally> => {
  const tally: Tally = {
    kind: kind.name,
    call: call.name,
    leaves: 0,
    calls: 0,
    refused: 0,
    died: 0,
    lost: 0,
    leaked: 0
  }
  const whole = rowsOf(await replay(kind, call, answers))
  for (const [index, { route, turn: again, body }] of answers.entries()) {
    if (again > 0) continue
    const leaves = leavesOf(body)
    tally.leaves += leaves.length
    for (const path of leaves) {
      for (const odd of values) {
        if (count++ % each !== 0) continue
        const exit = await replay(kind, call, withOdd(answers, index, path, odd))
        tally.calls++
        if (ExitOf.isFailure(exit)) tally.refused++
        const wrong = wrongWith(exit, whole)
        if (wrong) note(tally, wrong, `${route} ${placeText(path)} = ${JSON.stringify(odd)?.slice(0, 60)}`, exit)
      }
    }
  }
  return tally
}

/** The answers to each call on a machine that is up, in an order that leaves it there for the next one. */
const recordCalls = async (kind: FuzzedKind) => {
  const { send, take } = recording(kind.fetch)
  const run = runOn(kind.clock)
  const must = async <A>(exit: Promise<Exit.Exit<A, unknown>>): Promise<A> => {
    const ended = await exit
    if (ExitOf.isFailure(ended)) throw new Error(`${kind.name}: ${String(Cause.squash(ended.cause))}`)
    return ended.value
  }
  const provider: AnyProvider = kind.provider(send)
  const priced = async () =>
    (await must(run(provider.offers()))).items.find(({ pricePerHour: price }) => price !== null)
  const offer = await priced()
  if (!offer) throw new Error(`${kind.name} has no offer`)
  const first = await must(run(provider.launch(kind.spec(offer))))
  const machine = await must(run(waitUntilReady(provider, first.ref)))
  const next = await priced()
  const calls = callsOf(provider, machine, kind.spec(next ?? offer))
  const recorded: Array<readonly [Call, ReadonlyArray<Answer>]> = []
  for (const call of calls) {
    take()
    await run(call.run(kind.provider(send)))
    recorded.push([call, take().slice(0, 12)])
  }
  return recorded
}

const began = performance.now()
const tallies: Tally[] = []
for (const kind of everyKind()) {
  if (!kind.name.toLowerCase().includes(word)) continue
  for (const [call, answers] of await recordCalls(kind)) tallies.push(await fuzzCall(kind, call, answers))
  kind.clock.close()
}

const sum = (of: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + of(tally), 0)
console.table(tallies)
console.log(
  `${sum(({ calls }) => calls)} calls in ${Math.round((performance.now() - began) / 1000)} s, ${values.length} values at each of ` +
    `${sum(({ leaves }) => leaves)} leaves: ${sum(({ died }) => died)} died, ${sum(({ lost }) => lost)} lost another row, ` +
    `${sum(({ leaked }) => leaked)} showed the key, ${sum(({ refused }) => refused)} failed with an error of the SDK`
)
for (const finding of findings) console.log(finding)
process.exit(sum(({ died, lost, leaked }) => died + lost + leaked) === 0 ? 0 : 1)
