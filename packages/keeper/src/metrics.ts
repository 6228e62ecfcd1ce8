/** Upper ends of the classes in which lateness is counted, in seconds. */
const classes = [0.25, 0.5, 1, 2, 5, 10, 20, 40, 60, 300, 3600] as const

interface Counter {
  readonly help: string
  readonly values: Map<string, number>
}

/** What a keeper has done, as Prometheus reads it. */
export interface Metrics {
  /** Counts one more: `labels` such as `result="ended"`. */
  readonly count: (name: CounterName, labels?: string) => void
  /** How late an end was made, in milliseconds. */
  readonly late: (millis: number) => void
  /** What is so at the moment. */
  readonly set: (name: GaugeName, value: number) => void
  readonly get: (name: GaugeName) => number | undefined
  /** The text format of Prometheus, version 0.0.4. */
  readonly text: () => string
}

const counters = {
  anygpu_keeper_ends_total: "Ends that were looked at, by what came of them",
  anygpu_keeper_settles_total: "Launches of unknown outcome that were looked at, by what came of them",
  anygpu_keeper_orders_total: "Turns with orders, by what came of them",
  anygpu_keeper_reconciles_total: "Times that the ledger was read for what is missing, by how that went",
  anygpu_keeper_sweeps_total: "Sweeps of everything, by how they went",
  anygpu_keeper_prices_total: "Looks at the prices of the market, by how they went"
} as const

const gauges = {
  anygpu_keeper_oldest_overdue_seconds: "For how long the oldest machine is overdue that is not ended; alarm above 60",
  anygpu_keeper_due: "Leases that have run out and whose machines are not ended",
  anygpu_keeper_ledger_up: "Whether the ledger could be reached at the last attempt",
  anygpu_keeper_alive: "Keepers that are alive, by the ledger"
} as const

/** What is counted. */
export type CounterName = keyof typeof counters

/** What is so at the moment. */
export type GaugeName = keyof typeof gauges

const lateness = "anygpu_keeper_end_lateness_seconds"

/** Counts nothing yet. */
export const makeMetrics = (): Metrics => {
  const counted = new Map<CounterName, Counter>(
    (Object.keys(counters) as CounterName[]).map((name) => [name, { help: counters[name], values: new Map() }])
  )
  const shown = new Map<GaugeName, number>()
  const below: number[] = classes.map(() => 0)
  let [sum, times] = [0, 0]

  const histogram = (): ReadonlyArray<string> => [
    `# HELP ${lateness} How long after its time a machine's end was begun`,
    `# TYPE ${lateness} histogram`,
    ...classes.map((end, index) => `${lateness}_bucket{le="${end}"} ${below[index]}`),
    `${lateness}_bucket{le="+Inf"} ${times}`,
    `${lateness}_sum ${sum}`,
    `${lateness}_count ${times}`
  ]

  return {
    count: (name, labels = "") => {
      const values = counted.get(name)?.values
      values?.set(labels, (values.get(labels) ?? 0) + 1)
    },
    late: (millis) => {
      const seconds = millis / 1000
      times += 1
      sum += seconds
      for (const [index, end] of classes.entries()) if (seconds <= end) below[index] = (below[index] ?? 0) + 1
    },
    set: (name, value) => void shown.set(name, value),
    get: (name) => shown.get(name),
    text: () => {
      const lines = [...counted].flatMap(([name, { help, values }]) => [
        `# HELP ${name} ${help}`,
        `# TYPE ${name} counter`,
        ...[...values].map(([labels, value]) => `${name}${labels === "" ? "" : `{${labels}}`} ${value}`)
      ])
      const now = [...shown].flatMap(([name, value]) => [
        `# HELP ${name} ${gauges[name]}`,
        `# TYPE ${name} gauge`,
        `${name} ${value}`
      ])
      return `${[...lines, ...now, ...histogram()].join("\n")}\n`
    }
  }
}
