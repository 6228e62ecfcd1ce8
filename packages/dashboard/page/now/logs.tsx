import type { ErrorJson } from "@anygpu/operations/protocol"
import { useEffect, useRef, useState } from "preact/hooks"
import type { FollowJson } from "../../src/protocol/index.ts"
import { errorOf } from "../data/call.ts"
import { readStream } from "../data/stream.ts"
import { Problem } from "../parts/problem.tsx"

/** So many lines are kept in sight. */
const mostLines = 500

interface Followed {
  readonly lines: ReadonlyArray<string>
  readonly state: string
  readonly error: ErrorJson | null
}

/** What the workload prints, line by line, while this is open. */
const useLogs = (of: string): Followed => {
  const [followed, setFollowed] = useState<Followed>({ lines: [], state: "reading", error: null })
  useEffect(() => {
    const leave = new AbortController()
    const change = (part: Partial<Followed>) => setFollowed((before) => ({ ...before, ...part }))
    readStream("logs/follow", { input: { ref: of, tail: 100 }, signal: leave.signal }, ({ name, data }) => {
      if (name === "lines") {
        const { lines, sure } = data as FollowJson<"lines">
        const gap = sure ? [] : ["… lines may be missing here, or be there twice"]
        setFollowed((before) => ({
          lines: [...before.lines, ...(before.lines.length === 0 ? [] : gap), ...lines].slice(-mostLines),
          state: "following",
          error: null
        }))
      }
      if (name === "same") change({ state: "following", error: null })
      if (name === "problem") change({ error: (data as FollowJson<"problem">).error })
      if (name === "end") change({ state: `ended: ${(data as FollowJson<"end">).why}` })
    }).then(
      () => setFollowed((before) => (before.state.startsWith("ended") ? before : { ...before, state: "ended" })),
      (thrown: unknown) => leave.signal.aborted || change({ state: "ended", error: errorOf(thrown) })
    )
    return () => leave.abort()
  }, [of])
  return followed
}

/** The logs of a machine, which follow. */
export const Logs = ({ of }: { readonly of: string }) => {
  const { lines, state, error } = useLogs(of)
  const box = useRef<HTMLPreElement>(null)
  const isAtEnd = useRef(true)
  useEffect(() => {
    if (box.current && isAtEnd.current && lines.length > 0) box.current.scrollTop = box.current.scrollHeight
  }, [lines])
  const onScroll = () => {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {}
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24
  }
  return (
    <section>
      <h3>
        Logs <span class="soft small">{state}</span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <pre class="logs" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label="Logs">
        {lines.length === 0 ? "Nothing was printed yet." : lines.join("\n")}
      </pre>
      {error && <Problem what="The logs could not be read" error={error} />}
    </section>
  )
}
