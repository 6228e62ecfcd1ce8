import type { InputOf, logs } from "@anygpu/operations"
import { type Operation, type OperationContext, present, unattended } from "@anygpu/operations"
import { momentJson } from "@anygpu/operations/encode"
import { errorJson } from "@anygpu/operations/failure"
import { perform, readInput } from "@anygpu/operations/json"
import { findMachine, followLines } from "@anygpu/operations/run"
import type { Timers } from "../timers.ts"
import { type Channel, makeAnswers, type OpenChannel } from "./answers.ts"
import { makeLines } from "./lines.ts"

/** From one look at a log to the next, in milliseconds. */
const logsEvery = 5_000

/** What is followed, by all who follow the same. */
interface Followed {
  readonly channel: Channel
  readonly over: AbortController
  readonly done: Promise<void>
  followers: number
}

/** What follows operations. */
export interface FollowingOptions {
  readonly context: Omit<OperationContext, "signal">
  readonly timers: Timers
  /** From one look to the next, in milliseconds, of all but logs. */
  readonly every: number
}

const withoutTimes = (answer: object): string =>
  JSON.stringify(answer, (name, value: unknown) => (name === "observedAt" ? undefined : value))

const timeOf = ({ now }: Pick<OperationContext, "now">): string => momentJson(now())

/** Repeats a reading operation, and says what it answers when that is another answer than before. */
const repeat = async (
  operation: Operation,
  json: unknown,
  { context, timers, every }: FollowingOptions & { readonly context: OperationContext },
  channel: OpenChannel
): Promise<void> => {
  let before: string | null = null
  for (;;) {
    try {
      const answer = await perform(operation, context, json)
      const text = withoutTimes(answer)
      if (text === before) channel.say("same", { at: timeOf(context) })
      else channel.say("answer", { at: timeOf(context), answer })
      before = text
    } catch (error) {
      context.signal.throwIfAborted()
      channel.say("problem", { at: timeOf(context), error: errorJson(error, false) })
    }
    await timers.pause(every, context.signal)
  }
}

/** Follows the log of a machine, and says what is new. */
const followLog = async (
  op: "logs" | "events",
  { ref: name, tail, containing, source }: InputOf<(typeof logs)["input"]>,
  { context, timers }: FollowingOptions & { readonly context: OperationContext },
  channel: OpenChannel
): Promise<void> => {
  const ref = await findMachine(context, name, { reads: true })
  const wanted = present({ containing, source })
  const rest = () => timers.pause(logsEvery, context.signal)
  let isSure = true
  for await (const news of followLines({ context, ref, op, wanted }, { tail, rest })) {
    const at = timeOf(context)
    if (news.is === "gap" || news.is === "cut") isSure = false
    if (news.is === "lines") {
      channel.say("lines", { at, lines: [...news.lines], sure: isSure })
      isSure = true
    }
    if (news.is === "trouble") {
      channel.say("problem", { at, error: { ...errorJson(news.error, false), message: news.message } })
    }
    if (news.is === "end") channel.say("end", { at, why: `${ref} is ${news.status}` })
  }
}

const isLog = (name: string): name is "logs" | "events" => name === "logs" || name === "events"

/**
 * Follows reading operations: one look for all who follow the same with the same input, none when nobody does.
 *
 * - `follow` throws `InvalidRequest` for input that the operation does not take.
 */
export const makeFollowing = (options: FollowingOptions) => {
  const all = new Map<string, Followed>()

  const begin = (operation: Operation, json: unknown): Followed => {
    const over = new AbortController()
    const context = { ...options.context, ...unattended, wholeNames: true, signal: over.signal }
    const input = readInput(operation.input, json, context)
    const channel = isLog(operation.name) ? makeLines() : makeAnswers()
    const work = isLog(operation.name)
      ? followLog(operation.name, input as InputOf<(typeof logs)["input"]>, { ...options, context }, channel)
      : repeat(operation, json, { ...options, context }, channel)
    const failed = (error: unknown) => {
      if (!over.signal.aborted) channel.say("problem", { at: timeOf(context), error: errorJson(error, false) })
    }
    return { channel, over, followers: 0, done: work.catch(failed).finally(channel.end) }
  }

  return {
    /** Follows an operation; `leave` ends that. */
    follow: (operation: Operation, json: unknown): Channel & { readonly leave: () => void } => {
      const name = `${operation.name} ${JSON.stringify(json)}`
      const followed = all.get(name) ?? begin(operation, json)
      all.set(name, followed)
      followed.followers += 1
      let isGone = false
      return {
        ...followed.channel,
        leave: () => {
          if (isGone) return
          isGone = true
          followed.followers -= 1
          if (followed.followers > 0) return
          followed.over.abort()
          if (all.get(name) === followed) all.delete(name)
        }
      }
    },
    close: async (): Promise<void> => {
      for (const { over } of all.values()) over.abort()
      await Promise.all(Array.from(all.values(), ({ done }) => done))
    }
  }
}

/** What follows operations. */
export type Following = ReturnType<typeof makeFollowing>
