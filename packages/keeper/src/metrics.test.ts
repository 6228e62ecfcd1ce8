import { expect, test } from "vitest"
import { jsonLog } from "./log.ts"
import { makeMetrics } from "./metrics.ts"

test("metrics are text that Prometheus reads: counters by their labels, gauges, and lateness in classes", () => {
  const metrics = makeMetrics()
  metrics.count("anygpu_keeper_ends_total", 'result="ended"')
  metrics.count("anygpu_keeper_ends_total", 'result="ended"')
  metrics.set("anygpu_keeper_due", 3)
  metrics.late(400)
  metrics.late(7000)
  const text = metrics.text()
  expect(text.match(/^[a-z_]+(\{[^}]*\})? [\d.]+$|^# (HELP|TYPE) .*$|^$/gm)).toEqual(text.split("\n"))
  expect(text).toContain('anygpu_keeper_ends_total{result="ended"} 2\n')
  expect(text).toContain("# TYPE anygpu_keeper_due gauge\nanygpu_keeper_due 3\n")
  expect(text).toContain('anygpu_keeper_end_lateness_seconds_bucket{le="0.25"} 0\n')
  expect(text).toContain('anygpu_keeper_end_lateness_seconds_bucket{le="0.5"} 1\n')
  expect(text).toContain('anygpu_keeper_end_lateness_seconds_bucket{le="10"} 2\n')
  expect(text).toContain("anygpu_keeper_end_lateness_seconds_sum 7.4\nanygpu_keeper_end_lateness_seconds_count 2\n")
})

test("the log is one JSON object a line", () => {
  const lines: string[] = []
  jsonLog(
    (line) => lines.push(line),
    () => 0
  )("warn", "job-failed", { marker: "a\nb" })
  expect(lines).toEqual(['{"time":"1970-01-01T00:00:00.000Z","level":"warn","event":"job-failed","marker":"a\\nb"}\n'])
})
