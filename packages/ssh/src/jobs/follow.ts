import { randomBytes } from "node:crypto"
import { type GpuError, isGpuError, momentOn, ProviderFault } from "@anygpu/core"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { asSshError, type SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { attempt, runScript } from "../process.ts"
import { orLost, readAll } from "../streams.ts"
import { type JobStatus, statusOf } from "./job-status.ts"
import { isOfTheWay, makePatience, verbScript } from "./verb.ts"

/** Which part of a job's output. */
export interface OutputOptions {
  /** Its output, or its errors. A job that was started with both in one has all of it in `out`. */
  readonly stream?: "out" | "err" | undefined
  /** The byte to begin at: what was read before, in this process or another one, is not given again. */
  readonly from?: number | undefined
}

/** What comes after the mark: a login shell may write before it. */
async function* afterMark(
  stdout: AsyncIterable<Uint8Array>,
  mark: string,
  begun: () => void
): AsyncGenerator<Uint8Array> {
  const needle = Buffer.from(`\n${mark}\n`)
  let before: Buffer | null = Buffer.alloc(0)
  for await (const chunk of stdout) {
    if (before === null) {
      yield chunk
      continue
    }
    before = Buffer.concat([before, chunk])
    const at = before.indexOf(needle)
    if (at < 0) continue
    const rest = before.subarray(at + needle.length)
    before = null
    begun()
    if (rest.length > 0) yield rest
  }
}

/** A clock that nobody sets, to be read where no Effect runs. */
const currentMillis = Effect.clockWith((clock) => Effect.sync(() => () => momentOn(clock).monotonic))

/** Reads on one connection until the job has ended, or the connection has: every byte goes to `take`, once. */
const attach = (
  link: Link,
  id: string,
  { stream, from }: Required<{ [K in keyof OutputOptions]: NonNullable<OutputOptions[K]> }>,
  take: (bytes: Uint8Array) => Effect.Effect<unknown>,
  begun: () => void
): Effect.Effect<JobStatus, SshError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const mark = `#anygpu-${randomBytes(12).toString("hex")}`
      const [channel, { lost }] = yield* runScript(link, verbScript(["attach", id, String(from), mark, stream]))
      channel.stdin.end()
      const errors = readAll(channel.stderr)
      errors.catch(() => {})
      const bytes = Stream.fromAsyncIterable(afterMark(channel.stdout, mark, begun), (error) =>
        asSshError(link.address(), error)
      )
      yield* Stream.runForEach(bytes, take)
      const { code } = yield* attempt(link, () => channel.exit)
      const answer = yield* attempt(link, () => orLost(errors, lost))
      const status = statusOf(answer.toString("utf8"), code)
      return isGpuError(status) ? yield* status : status
    })
  )

const differsInSize = (id: string, read: number, size: number): GpuError =>
  new ProviderFault({
    message: `The machine says that job ${id} wrote ${size} bytes, and ${read} could be read: its folder there was changed`,
    retry: "permanent"
  })

/**
 * The output of a job from a byte on, as it comes, until the job has ended and every byte has come.
 *
 * - A lost connection is made again and the output goes on where it was: no byte is lost, and none comes twice.
 * - Fails when the machine is not found again within the link's patience.
 */
export const follow = (
  link: Link,
  id: string,
  { stream = "out", from = 0 }: OutputOptions = {}
): Stream.Stream<Uint8Array, SshError> =>
  Stream.callback<Uint8Array, SshError>(
    Effect.fnUntraced(function* (queue: Queue.Queue<Uint8Array, SshError | Cause.Done>) {
      let at = from
      const take = (bytes: Uint8Array) =>
        Effect.suspend(() => {
          at += bytes.length
          return Queue.offer(queue, bytes)
        })
      const now = yield* currentMillis
      const patience = makePatience(link, now())
      for (;;) {
        const before = at
        let contactSince: number | null = null
        const begun = () => {
          contactSince = now()
        }
        const result = yield* Effect.result(attach(link, id, { stream, from: at }, take, begun))
        let failure: SshError
        if (result._tag === "Success") {
          const size = result.success[stream]
          if (at === size) return yield* Queue.end(queue)
          failure = differsInSize(id, at, size)
          if (at > size) return yield* Queue.fail(queue, failure)
        } else {
          failure = result.failure
          if (!isOfTheWay(failure)) return yield* Queue.fail(queue, failure)
        }
        const answered = result._tag === "Success"
        const pause = patience.after(now(), answered ? null : contactSince, at > before)
        if (pause === null) return yield* Queue.fail(queue, failure)
        yield* Effect.sleep(pause)
      }
    }),
    { bufferSize: 16, strategy: "suspend" }
  )
