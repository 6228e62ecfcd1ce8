import type { Change } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import type { ChangesJson } from "./protocol/answers/changes.ts"
import { timeJson } from "./protocol/model.ts"
import { changeJson } from "./protocol/watching.ts"
import type { watchInput } from "./watch.ts"

/** What changed within a while. */
export interface Watched {
  readonly changes: ReadonlyArray<Change>
  /** Whether there were more changes than were asked for: later ones are left out. */
  readonly cut: boolean
  readonly until: { readonly epochMilliseconds: number }
}

const usualMillis = 30_000

/** Watches until its time is over, or it has seen as much as was asked for. */
export const run = async (
  context: OperationContext,
  { every, for: millis = usualMillis, limit = 100 }: InputOf<typeof watchInput>
): Promise<Watched> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const over = new AbortController()
  const changes: Change[] = []
  const ended = AbortSignal.any([signal, over.signal])
  const watching = async (): Promise<void> => {
    try {
      for await (const change of gpu.watch({ ...present({ every, idleEvery: every }), signal: ended })) {
        changes.push(change)
        if (changes.length >= limit) break
      }
    } catch (error) {
      if (!over.signal.aborted) throw error
    }
  }
  await out.during("watching the machines", async () => {
    const time = context.pause(millis, ended).then(
      () => over.abort(),
      () => {}
    )
    await watching().finally(() => over.abort())
    await time
  })
  signal.throwIfAborted()
  return { changes, cut: changes.length >= limit, until: { epochMilliseconds: context.now() } }
}

/** The changes in JSON. */
export const encode = ({ changes, cut, until }: Watched): ChangesJson => ({
  changes: changes.map(changeJson),
  cut,
  until: timeJson(until)
})
