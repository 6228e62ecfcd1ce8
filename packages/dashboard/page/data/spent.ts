import type { SpentJson } from "@anygpu/operations/protocol"
import { useMemo } from "preact/hooks"
import { microsAtPar } from "../../src/view/amount.ts"
import { cloudColor } from "../../src/view/cloud-color.ts"
import { useClouds } from "./about.ts"
import { useAnswer, useAnswers } from "./answers.ts"
import { serverNow } from "./clock.ts"
import { useEntries } from "./live.ts"
import { type Span, stepsOf } from "./spans.ts"

const length = 3_600_000

/** The dearest first. */
const sorted = (rows: SpentJson["rows"]): SpentJson["rows"] =>
  rows.toSorted((a, b) => microsAtPar(b.cost) - microsAtPar(a.cost))

/** What was spent in a span: in all and in each of its steps, with the colour of each row. It is read again every hour. */
export const useSpent = (by: SpentJson["by"], span: Span) => {
  // The ledger's sum changes while machines run, and draws this again: often enough to see the next hour.
  useEntries("spent")
  const hour = Math.floor(serverNow() / length)
  const steps = useMemo(() => stepsOf(span, hour * length), [span, hour])
  const [first] = steps
  const whole = useAnswer<SpentJson>("spent", first ? { by, from: first.from } : null, String(hour))
  const inputs = useMemo(() => steps.map((step) => ({ by, ...step })), [by, steps])
  const { answers, error } = useAnswers<SpentJson>("spent", inputs, String(hour))
  const clouds = useClouds()
  const rows = useMemo(() => (whole.answer ? sorted(whole.answer.rows) : []), [whole.answer])
  const colorOf = (of: string): string =>
    by === "cloud"
      ? cloudColor(clouds, of)
      : `c${
          Math.max(
            0,
            rows.findIndex((row) => row.of === of)
          ) % 10
        }`
  const total = whole.answer?.total.cost ?? null
  return { steps, answers, rows, colorOf, total, error: error ?? whole.error, again: whole.again }
}
