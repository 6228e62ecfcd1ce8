import { type ChildProcess, fork } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import { type PostgresServer, startPostgres } from "@anygpu/postgres/testing"
import { Pool } from "pg"
import type { Answer, Ask, Row, Said, Task } from "./words.ts"

const child = new URL("child.ts", import.meta.url).pathname

/** A machine of the cloud, as the cloud knows it. */
export interface Machine extends Omit<Row, "isOver"> {
  /** Epoch milliseconds when its lease ends; null where it is not known. */
  readonly due: number | null
  /** Epoch milliseconds of each time that its end was asked for. */
  readonly acts: number[]
}

/** A process of a trial. */
export interface Process {
  readonly task: Task
  readonly process: ChildProcess
  keeper: string
}

/** What went on in a trial, as the cloud and its database saw it. */
export interface Trial {
  readonly server: PostgresServer
  readonly machines: Map<string, Machine>
  readonly processes: Set<Process>
  /** Acts of a keeper whose end another one had taken over. */
  stale: number
  /** Called when a keeper waits for its turn to send. */
  onTurn: (by: Process, id: string) => Promise<void>
  readonly lines: string[]
  /** Without values (null) several statements may go at once. */
  readonly query: (sql: string, values?: unknown[] | null) => Promise<ReadonlyArray<Record<string, unknown>>>
  readonly begin: (task: Partial<Task>) => Promise<Process>
  readonly close: () => Promise<void>
}

const schema = "anygpu"

/** Connections that are made again when the server was restarted. */
const queriesOn = (url: string) => {
  const pool = new Pool({ connectionString: url, max: 4 })
  pool.on("error", () => {})
  pool.on("connect", (client) => client.on("error", () => {}))
  const query = async (
    sql: string,
    values: unknown[] | null = [],
    tries = 0
  ): Promise<ReadonlyArray<Record<string, unknown>>> => {
    try {
      return (await (values === null ? pool.query(sql) : pool.query(sql, values))).rows ?? []
    } catch (error) {
      if (tries > 40) throw error
      await sleep(250)
      return query(sql, values, tries + 1)
    }
  }
  return { query, close: () => pool.end() }
}

/** Whether an end is another keeper's by now: what the ledger says when the request arrives. */
const isStale = async ({ query }: Trial, by: Process, { marker }: Machine): Promise<boolean> => {
  const [claim] = await query(`SELECT record ->> 'by' AS by FROM ${schema}.claims WHERE marker = $1`, [marker])
  return claim !== undefined && claim["by"] !== by.keeper
}

const answerTo = async (trial: Trial, by: Process, asked: Ask): Promise<ReadonlyArray<Row>> => {
  const { machines } = trial
  const rowOf = ({ id, marker, acts }: Machine): Row => ({ id, marker, isOver: acts.length > 0 })
  if (asked.ask === "list") return [...machines.values()].map(rowOf).filter(({ isOver }) => !isOver)
  if (asked.ask === "read") {
    const one = machines.get(asked.id)
    return one ? [rowOf(one)] : []
  }
  if (asked.ask === "make") {
    const made: Machine = { id: `m-${asked.id}`, marker: asked.id, due: null, acts: [] }
    machines.set(made.id, made)
    return [rowOf(made)]
  }
  if (asked.ask === "turn") {
    await trial.onTurn(by, asked.id)
    return []
  }
  const machine = machines.get(asked.id)
  if (!machine) return []
  machine.acts.push(Date.now())
  if (by.task.role === "keeper" && (await isStale(trial, by, machine))) trial.stale++
  return []
}

const usual: Omit<Task, "url"> = { role: "keeper", schema, skew: 0, unfenced: false, lease: 0 }

/** Begins a process, and resolves once it is ready. */
const beginIn = (trial: Trial, given: Partial<Task>): Promise<Process> =>
  new Promise((resolve, reject) => {
    const task: Task = { ...usual, url: trial.server.url, ...given }
    const process = fork(child, [JSON.stringify(task)], {
      execArgv: ["--conditions=anygpu-source"],
      serialization: "json"
    })
    const one: Process = { task, process, keeper: "" }
    trial.processes.add(one)
    process.on("message", (said: Said) => {
      if ("started" in said) one.keeper = said.started
      if ("started" in said || "leased" in said) return resolve(one)
      if ("line" in said) return void trial.lines.push(said.line)
      if (!("call" in said)) return
      void answerTo(trial, one, said).then((rows) => {
        const answer: Answer = { call: said.call, rows }
        if (process.connected) process.send(answer, () => {})
      })
    })
    process.once("exit", (code, signal) => {
      trial.processes.delete(one)
      reject(new Error(`a process ended with ${code ?? signal}`))
    })
  })

/** A cloud, a database, and no keeper yet. */
export const openTrial = async (): Promise<Trial> => {
  const server = await startPostgres()
  const { query, close } = queriesOn(server.url)
  const trial: Trial = {
    ...{ server, query, machines: new Map(), processes: new Set(), stale: 0, lines: [] },
    onTurn: async () => {},
    begin: (task) => beginIn(trial, task),
    close: async () => {
      for (const { process } of trial.processes) process.kill("SIGKILL")
      await close()
      await server.stop()
    }
  }
  return trial
}

/** Puts machines into cloud and ledger that are leased until these moments; jobs come of it as of any launch. */
export const lease = async ({ query, machines }: Trial, prefix: string, ends: ReadonlyArray<number>): Promise<void> => {
  for (const [index, due] of ends.entries()) {
    const id = `${prefix}-${index}`
    machines.set(id, { id, marker: `ag${id}`, due, acts: [] })
  }
  const records = ends.map((leaseUntil, index) => ({
    ...{ marker: `ag${prefix}-${index}`, key: null, idempotencyKey: `${prefix}-${index}`, provider: "far", kind: "vm" },
    ...{ name: "job", offerId: "o", pricePerHour: null, spec: {}, at: leaseUntil - 7_200_000, state: "created" },
    ...{ instanceId: `${prefix}-${index}`, note: null, leaseUntil, sentAfter: 0, owner: null, fence: 1 }
  }))
  for (let from = 0; from < records.length; from += 5000) {
    const part = JSON.stringify(records.slice(from, from + 5000))
    await query(`INSERT INTO ${schema}.launches (record) SELECT value FROM json_array_elements($1::json)`, [part])
  }
}

/** How late the first act on each machine was, in milliseconds, least first; and what was never ended. */
export const lateness = (trial: Trial, prefix: string) => {
  const wanted = [...trial.machines.values()].filter(({ id }) => id.startsWith(`${prefix}-`))
  const late = wanted.flatMap(({ acts: [first], due }) => (first === undefined || due === null ? [] : [first - due]))
  return {
    late: late.sort((a, b) => a - b),
    lost: wanted.length - late.length,
    twice: wanted.filter(({ acts }) => acts.length > 1).length
  }
}

/** Waits until all are ended, for so many milliseconds at most. */
export const untilEnded = async (trial: Trial, prefix: string, atMost: number): Promise<void> => {
  const end = Date.now() + atMost
  while (lateness(trial, prefix).lost > 0 && Date.now() < end) await sleep(250)
}
